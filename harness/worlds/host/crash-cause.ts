import { frameOf } from '../../core/frame.ts'
import { messageOf } from '../../core/problem.ts'

/** The cause of a crash, as the `crash` event describes it. */
export interface CrashCause {
  readonly message: string
  readonly frame?: string
}

/** @param module file URL of the client or server */
export function crashCauseOf(error: unknown, module: string | undefined): CrashCause {
  const frame = frameOf(error, module)
  return { message: messageOf(error), ...(frame !== undefined && { frame }) }
}
