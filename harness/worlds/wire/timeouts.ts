/**
 * Every timeout and interval of the wire, in real milliseconds, each with its reason.
 *
 * @module
 */
import { DUMP_READ_MAX_MS } from '../host/dump-reader.ts'

/** For a process to send `ready`. Node and tsx need 0.4 s, on a loaded machine much longer. */
export const READY_TIMEOUT_MS = 20_000

/** For a client or server to become ready when it is tried before anything is played. */
export const PREFLIGHT_TIMEOUT_MS = 10_000

/** Between two questions to a process whether it still answers. */
export const PING_INTERVAL_MS = 500

/** A timer of ours that is later than this shows that the machine is too slow to tell a freeze. */
export const PING_LATENESS_MAX_MS = 250

/**
 * For the answer to such a question: Android calls an app frozen after 5 s. A single-threaded
 * program may also wait for a response meanwhile, so it has a minute of scenario time.
 */
export const freezeAfterMs = (timeScale: number): number => Math.max(5000, 60_000 / timeScale)

/** For the reply to `sync`, in addition: a freeze is recorded before. */
export const SYNC_MARGIN_MS = 5000

/** For the reply to `view`, at least: an app has a minute of scenario time. */
export const VIEW_TIMEOUT_MS = 5000

/** For the reply to `dump`, in addition to the time for which the process itself waits. */
export const dumpTimeoutMs = (timeScale: number): number => 5000 + DUMP_READ_MAX_MS / timeScale

/** For a client's `start()`, which may wait for the network, before the scenario goes on. */
export const CLIENT_START_TIMEOUT_MS = 1000

/** For a server to listen. Without it no scenario can go on. */
export const SERVER_START_TIMEOUT_MS = 5000

/** For a server that is a program to listen: it may be started by npm, or on a virtual machine. */
export const PROGRAM_START_TIMEOUT_MS = 30_000

/** Between two attempts to connect to a program that does not listen yet. */
export const PROGRAM_POLL_MS = 10

/** For a program to tell what it holds, at least: it may run on a busy machine. */
export const PROGRAM_DUMP_TIMEOUT_MS = 10_000

/** For the exit of a program to be noticed, after a question to it has failed. */
export const EXIT_NOTICE_MS = 500

/** For the server's port to become free: the kernel may keep it a moment after a SIGKILL. */
export const PORT_TIMEOUT_MS = 2000
export const PORT_RETRY_MS = 20

/** For the rest of an exited process's output: its children may keep the pipe open forever. */
export const OUTPUT_DRAIN_MS = 200

/** Between the last node's readiness and scenario time 0: the start commands arrive before. */
export const START_LEAD_MS = 15

/** For clients to release timers and files at the end of a scenario, before the SIGKILL. */
export const STOP_GRACE_MS = 100

/**
 * For a server to deal with a WebSocket message before a fault acts after it, in addition to some
 * scenario time, which may be no time at all on the wire.
 */
export const MESSAGE_ANSWER_MS = 50

/** Between two measurements of how late timers fire. */
export const LATENESS_INTERVAL_MS = 50

/** For a Toxiproxy that we started to serve its API. A container may need seconds. */
export const TOXIPROXY_READY_TIMEOUT_MS = 15_000
export const TOXIPROXY_POLL_MS = 10

/** For one response of Toxiproxy's API. */
export const TOXIPROXY_REPLY_TIMEOUT_MS = 5000

/** For a connection through Toxiproxy to reach this machine. In another network it never does. */
export const TOXIPROXY_REACH_TIMEOUT_MS = 5000
