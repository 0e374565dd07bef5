import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describeOperation, type Operation } from '../core/operation.ts'
import { successOnServer, tellsHoldings } from './reading/holdings.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { overwriteOf } from './reading/overwritten.ts'
import { finalScreen } from './reading/screen.ts'
import { describeAttempts, mayHaveBeenSent } from './reading/sending.ts'
import { when } from './reading/wording.ts'
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
    message: `${describeOperation(operation)} is lost. ${device} ${did} ${when(invoke)} and ${describeReport(operation)}; ${describeAttempts(history, operation)}.${killed} ${describeWhereabouts(history, operation, claimsSent)}: nobody will ever ${wouldDo}.`,
    opIds: [opId],
    evidence: evidence(
      accepted,
      requests.at(-1)?.response,
      decisionOn(operation),
      ...unreportedDecision(history, operation),
      settled,
      crash,
      screen?.view,
    ),
  }
}

/** The server's last word on a write that it does not have. */
const decisionOn = ({ commits, outcomes }: Operation) =>
  outcomes.findLast(({ outcome }) => outcome === 'conflict') ??
  outcomes.findLast(({ outcome }) => outcome === 'rejected') ??
  commits.at(-1)

/** The proof of what a server did that does not report what it does. */
function unreportedDecision(history: History, operation: Operation) {
  if (!tellsHoldings(history) || operation.commits.length > 0) return []
  return [successOnServer(history, operation), overwriteOf(history, operation)?.commit]
}

/** Describes what the server did with the write, as far as the history shows it, and the screen. */
function describeWhereabouts(history: History, operation: Operation, claimsSent: boolean): string {
  const screen = describeScreen(operation, claimsSent)
  const decision = decisionOn(operation)
  if (decision?.type === 'serverCommit')
    return `The server had it ${when(decision)} and lost it again, and ${screen}`
  const rule = decision?.rule === undefined ? '' : ` (${decision.rule})`
  if (decision?.outcome === 'conflict')
    return `Another write won${rule}; its text is neither in the server's conflict records nor on ${operation.device}'s screen`
  if (decision) return `The server rejected it${rule}, and ${screen}`
  if (tellsHoldings(history)) {
    const success = successOnServer(history, operation)
    const overwrite = overwriteOf(history, operation)
    if (overwrite)
      return `It was overwritten by ${describeOperation(overwrite.by)} ${when(overwrite.commit)}, whose writer had not seen it; no record of the conflict is kept, and ${screen}`
    if (success)
      return `The server reported success ${when(success)} and never held it, and ${screen}`
  }
  const received = operation.requests.findLast((trip) => trip.received)?.received
  if (received)
    return `The server received it ${when(received)} and does not have it, and ${screen}`
  const refused = operation.requests.every(({ response }) => response?.outcome === 'refused')
  const isObserved = history.of('serverReceived').length > 0
  const neverGotIt =
    operation.requests.length > 0
      ? refused || isObserved
      : history.of('request').length === 0 || !mayHaveBeenSent(history, operation)
  return `The server ${neverGotIt ? 'never got it' : 'does not have it'}, and ${screen}`
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
