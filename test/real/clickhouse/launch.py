"""A ClickHouse server out of npm's `chdb`: its libchdb.so is the whole engine, and exports the main of clickhouse-local,
which listens on HTTP and TCP when it is told to. Arguments: the library, then those of clickhouse-local. It must run in
the main thread of a process of its own: the engine refuses another's stack."""

import ctypes
import sys

library = ctypes.CDLL(sys.argv[1])
arguments = [b"clickhouse", *(argument.encode() for argument in sys.argv[2:])]
argv = (ctypes.c_char_p * (len(arguments) + 1))(*arguments, None)
sys.exit(library.chdb_query_cmdline(len(arguments), argv) is None)
