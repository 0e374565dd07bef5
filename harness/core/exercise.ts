import { z } from 'zod'

/**
 * The minimum counts that a run must reach to mean something. They are measured from the history
 * alone, in both worlds by the same code. A run that misses one is unknown, never pass.
 *
 * @example
 * ```ts
 * const exercised: Exercised = { serverCommits: 2, lostResponses: 1 }
 * ```
 */
export const exercisedSchema = z.strictObject({
  /** Commits on the server. */
  serverCommits: z.number().int().positive().optional(),
  /** Requests without a response: refused, reset, cut, timed out or aborted. */
  failedRequests: z.number().int().positive().optional(),
  /** Requests whose connection was refused. */
  refusedRequests: z.number().int().positive().optional(),
  /** Responses of the server to requests with a marked write that their sender never got. */
  lostAcks: z.number().int().positive().optional(),
  /** Requests that the server responded to, but whose sender never got the response. */
  lostResponses: z.number().int().positive().optional(),
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
  /** Responses that took 2 s of scenario time or longer. */
  delayedResponses: z.number().int().positive().optional(),
  /** Operations that were sent more than once. */
  retriedOperations: z.number().int().positive().optional(),
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
})
export type Exercised = z.infer<typeof exercisedSchema>
