import { z } from 'zod'

const counts = {
  /** Commits on the server. */
  serverCommits: z.number().int().positive().optional(),
  /**
   * Requests without a response: refused, reset, cut, timed out or aborted; and WebSocket
   * connections that an app had to open again.
   */
  failedRequests: z.number().int().positive().optional(),
  /** Requests whose connection was refused. */
  refusedRequests: z.number().int().positive().optional(),
  /**
   * Acknowledgements that were lost: a request carried a write, by its marker; the server had it,
   * and responded with success or died before it could; the sender never got this response.
   */
  lostAcks: z.number().int().positive().optional(),
  /**
   * Responses of the server to any request, polls too, whose request failed for its sender. They
   * prove that this direction was lost, and with lostRequests that both were; not that a write was
   * at risk, as lostAcks does.
   */
  unheardResponses: z.number().int().positive().optional(),
  /** Requests that never reached the server, without the refused ones. */
  lostRequests: z.number().int().positive().optional(),
  /**
   * Responses that a fault sent in the place of the server's, or changed, to a device with a write
   * that waits: the write's own, or those to what the app asks before it sends it.
   */
  replacedResponses: z.number().int().positive().optional(),
  /**
   * Responses to requests with a marked write that came 10 s of scenario time after the server had
   * sent them or later, or for which their sender did not wait.
   */
  lateAcks: z.number().int().positive().optional(),
  /**
   * Responses that took 2 s of scenario time or longer; and WebSocket messages that were sent while
   * a fault held on the device, because no response belongs to them.
   */
  delayedResponses: z.number().int().positive().optional(),
  /** Outcomes in which the server recognised an operation as already applied. */
  duplicatesRecognised: z.number().int().positive().optional(),
  /** Writes that were made on an outdated version of their record. */
  conflicts: z.number().int().positive().optional(),
  /** Actions performed while a fault held on the device. */
  actionsUnderFault: z.number().int().positive().optional(),
  /** Restarts of apps after a death. */
  deviceRestarts: z.number().int().positive().optional(),
  /** Restarts of the server after a death. */
  serverRestarts: z.number().int().positive().optional(),
}

/**
 * Counts that scenarios asked for in earlier versions, and that proved the wrong thing: a client
 * that asks before it resends retries nothing, and a lost response to a poll is no lost write.
 */
const REMOVED: readonly string[] = ['lostResponses', 'retriedOperations']

/**
 * The minimum counts that a run must reach to mean something. They are measured from the history
 * alone, in both worlds by the same code. A run that misses one is unknown, never pass.
 *
 * @example
 * ```ts
 * const exercised: Exercised = { serverCommits: 2, lostAcks: 1 }
 * ```
 */
export const exercisedSchema = z.strictObject(counts, {
  error: ({ code, keys }) => {
    const removed = code === 'unrecognized_keys' && (keys as string[]).find(isRemoved)
    return removed ? `'${removed}' is no longer counted: ask for 'lostAcks' instead` : undefined
  },
})
export type Exercised = z.infer<typeof exercisedSchema>

const isRemoved = (name: string) => REMOVED.includes(name)
