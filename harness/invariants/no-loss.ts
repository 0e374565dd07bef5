import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describeOperation, type Operation } from '../core/operation.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { finalScreen } from './reading/screen.ts'
import { attempts, when } from './reading/wording.ts'
import { undecidedWrite, writeOutcomes } from './reading/write-outcome.ts'

/** Does not count a write that still waits on its device as lost: LIVENESS judges it. */
export default {
  id: 'NO-LOSS',
  promise:
    'What the app took from a person reaches the server, or visibly fails with its text kept, or loses to a recorded conflict.',
  needs: () => undefined,
  check(history) {
    const outcomes = [...writeOutcomes(history)].filter(([, outcome]) => outcome !== 'cancelled')
    const findings = outcomes
      .filter(([, outcome]) => outcome === 'lost')
      .map(([operation]) => lost(history, operation))
    return judgement(outcomes.length, findings, undecidedWrite(history))
  },
} satisfies Invariant

function lost(history: History, operation: Operation): Finding {
  const { device, opId, invoke, saved, localCommit, settled, requests } = operation
  const accepted = saved ?? localCommit ?? invoke
  const screen = finalScreen(history, device)
  const claimsSent = screen?.rowsOf(opId).some(({ status }) => status === 'sent') ?? false
  const crash = claimsSent
    ? undefined
    : history.of('crash', device).find((event) => event.seq > accepted.seq)
  const [did, wouldDo] =
    operation.action.type === 'delete' ? ['did so', 'carry it out'] : ['wrote it', 'read it']
  const killed = crash ? ` The app was killed ${when(crash)}.` : ''
  return {
    message: `${describeOperation(operation)} is lost. ${device} ${did} ${when(invoke)} and ${describeReport(operation)}; the app ${attempts(operation)}.${killed} The server never got it, and ${describeScreen(operation, claimsSent)}: nobody will ever ${wouldDo}.`,
    opIds: [opId],
    evidence: evidence(accepted, requests.at(-1)?.response, settled, crash, screen?.view),
  }
}

/** Describes the client's report to the user. */
function describeReport({ settled, saved, localCommit }: Operation): string {
  if (settled?.outcome === 'acked') return 'was told it had been sent'
  if (settled) return 'was told it failed, but the text is gone'
  if (saved?.durable || localCommit) return 'was told it was saved'
  return saved ? 'saw it leave the input field' : 'was told nothing'
}

function describeScreen({ action, device }: Operation, claimsSent: boolean): string {
  if (claimsSent) return `${device}'s screen says it was sent`
  return action.type === 'delete'
    ? 'it is there again as if nobody had deleted it'
    : `it is gone from ${device}'s screen`
}
