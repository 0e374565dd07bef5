import type { Invariant } from '../../../core/invariant.ts'
import { evidence, judgement } from '../../reading/judgement.ts'
import { when } from '../../reading/wording.ts'

export default {
  id: 'NO-ERROR',
  promise: 'The app handles every exception of its own.',
  needs: () => undefined,
  check(history) {
    const findings = history.of('error').map((error) => ({
      message: `${error.node}'s app let an exception escape ${when(error)}: ${error.message}`,
      opIds: [],
      evidence: evidence(error),
    }))
    return judgement(history.of('start').length + findings.length, findings)
  },
} satisfies Invariant
