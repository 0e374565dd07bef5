import { z } from 'zod'

/**
 * What a run can be asked to have really done, as least counts. Measured from the history alone, in both worlds alike:
 * a run that falls short is unknown, never pass.
 */
export const exercisedSchema = z.strictObject({
  /** Effective commits on the server. */
  serverCommits: z.number().int().positive().optional(),
  /** Requests that ended without a response: refused, reset, cut or timed out. */
  failedRequests: z.number().int().positive().optional(),
  /** Of those, the ones that were refused a connection. */
  refusedRequests: z.number().int().positive().optional(),
  /** Requests the server answered whose sender never got the answer. */
  lostResponses: z.number().int().positive().optional(),
  /** Requests the client sent and the server never saw, refused ones aside. */
  lostRequests: z.number().int().positive().optional(),
  /** Responses that took 2 s of scenario time or more. */
  delayedResponses: z.number().int().positive().optional(),
  /** Operations that were sent more than once. */
  retriedOperations: z.number().int().positive().optional(),
  /** Operations the server recognised as already carried out. */
  duplicatesRecognised: z.number().int().positive().optional(),
  /** Writes the server took or refused on a base that was no longer the record's newest version. */
  conflicts: z.number().int().positive().optional(),
  /** Actions performed while the device's link could carry nothing. */
  actionsUnderFault: z.number().int().positive().optional(),
  /** Devices killed and started again. */
  deviceRestarts: z.number().int().positive().optional(),
  /** The server killed and started again. */
  serverRestarts: z.number().int().positive().optional(),
})
export type Exercised = z.infer<typeof exercisedSchema>
