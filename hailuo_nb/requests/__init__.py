"""VideoRequest and Frame: what one clip should be; and the arguments and fields they are read
from."""
