"""The JavaScript that tests/browser/lab.py runs inside JupyterLab's page: functions as text, and
nothing else."""

# Never return a Lumino widget from evaluate: its references go in circles and playwright gives up
# on it.
WITHIN = """async ([argument, ms]) => {
  const call = FUNCTION;
  let timer;
  const late = new Promise((resolve) => { timer = setTimeout(() => resolve('late'), ms); });
  const done = Promise.resolve(call(argument)).then((value) => (
    { value: value && value.plain !== undefined ? value.plain : null }));
  try { return await Promise.race([done, late]); } finally { clearTimeout(timer); }
}"""

IDLE = """() => {
  const panel = window.jupyterapp?.shell?.currentWidget;
  const context = panel?.sessionContext;
  const kernel = context?.session?.kernel;
  return !!panel?.content?.widgets?.length && context.isReady
    && kernel?.connectionStatus === 'connected' && kernel?.status === 'idle';
}"""

OUTPUTS = """(index) => {
  const outputs = window.jupyterapp.shell.currentWidget.content.widgets[index].model.outputs;
  return outputs ? outputs.toJSON() : [];
}"""

RUN_CELL = """async (index) => {
  const app = window.jupyterapp;
  app.shell.currentWidget.content.activeCellIndex = index;
  await app.commands.execute('notebook:run-cell');
}"""

START_CELL = """(index) => {
  const app = window.jupyterapp;
  app.shell.currentWidget.content.activeCellIndex = index;
  void app.commands.execute('notebook:run-cell');
}"""

RUN_ALL = "async () => { await window.jupyterapp.commands.execute('notebook:run-all-cells'); }"

WRITE_CELLS = """(sources) => {
  const model = window.jupyterapp.shell.currentWidget.content.model.sharedModel;
  const stale = model.cells.length;
  model.insertCells(0, sources.map((source) => ({ cell_type: 'code', source })));
  model.deleteCellRange(sources.length, sources.length + stale);
}"""

ADD_CELL = """(source) => {
  const model = window.jupyterapp.shell.currentWidget.content.model.sharedModel;
  model.insertCell(model.cells.length, { cell_type: 'code', source });
  return model.cells.length - 1;
}"""

KEXEC = """async (code) => {
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const future = kernel.requestExecute({ code, store_history: false, stop_on_error: false });
  const answer = { text: '', error: '' };
  future.onIOPub = (message) => {
    const { content } = message;
    if (message.header.msg_type === 'stream' && content.name === 'stdout') answer.text += content.text;
    if (message.header.msg_type === 'error') answer.error = `${content.ename}: ${content.evalue}`;
  };
  await future.done;
  return { plain: answer };
}"""

# What is shown goes without a question, saved or not.
CLOSE_ALL = (
    "() => { for (const one of [...window.jupyterapp.shell.widgets('main')]) one.dispose(); }"
)

OPEN = """async (path) => {
  const { commands } = window.jupyterapp;
  const folder = path.slice(0, path.lastIndexOf('/'));
  await commands.execute('filebrowser:go-to-path', { path: folder, dontShowBrowser: true });
  await commands.execute('docmanager:open', { path });
}"""
