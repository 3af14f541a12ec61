"""A job's life in the background, on one daemon thread (`loop`).

`session` holds the one `runner` of the process, which keeps the jobs. `driver` takes each through
`submitting`, `task_waiter` (`poller`, `schedule`, `evidence`) and `fetching` (`download`), while
`leases` hold it and `ledger` records every step. `transport_pool`, `transport`, `exchange` and
`routes` carry the requests; `links` and `addresses` check where they may go.
"""
