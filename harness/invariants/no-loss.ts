import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describe, type Operation } from '../core/operation.ts'
import { fates } from './reading/fate.ts'
import { finalScreen } from './reading/screen.ts'
import { attempts, evidence, when } from './reading/words.ts'

/** What still waits on its device is not lost: LIVENESS asks why it waits. */
export default {
  id: 'NO-LOSS',
  promise:
    'What the app took from a person reaches the server, or visibly fails with its text kept, or loses to a recorded conflict.',
  needs: () => undefined,
  check(history) {
    const judged = [...fates(history)].filter(([, fate]) => fate !== 'cancelled')
    const unseen = judged.find(([, fate]) => fate === 'unseen')
    return {
      judged: judged.length,
      findings: judged.flatMap(([operation, fate]) =>
        fate === 'gone' ? [lost(history, operation)] : [],
      ),
      ...(unseen && {
        undecided: `what became of ${describe(unseen[0])} cannot be told: ${unseen[0].device}'s screen or the server was not read at the end`,
      }),
    }
  },
} satisfies Invariant

function lost(history: History, operation: Operation): Finding {
  const { device, op, invoke, saved, localCommit, settled, requests } = operation
  const isDelete = operation.action.type === 'delete'
  const taken = saved ?? localCommit
  const screen = finalScreen(history, device)
  const claimsSent = screen?.rowsOf(op).some(({ status }) => status === 'sent')
  const crash = history.of('crash', device).find((event) => event.seq > (taken ?? invoke).seq)
  const told =
    settled?.outcome === 'acked'
      ? 'was told it had been sent'
      : settled
        ? 'was told it failed, but the text is gone'
        : saved?.durable || localCommit
          ? 'was told it was saved'
          : saved
            ? 'saw it leave the input field'
            : 'was told nothing'
  const tried = attempts(operation)
  const killed = crash && !claimsSent ? ` The app was killed ${when(crash)}.` : ''
  const now = claimsSent
    ? `${device}'s screen says it was sent`
    : isDelete
      ? 'it is there again as if nobody had deleted it'
      : `it is gone from ${device}'s screen`
  return {
    message: `${describe(operation)} is lost. ${device} ${isDelete ? 'did so' : 'wrote it'} ${when(invoke)} and ${told}; the app ${tried}.${killed} The server never got it, and ${now}: nobody will ever ${isDelete ? 'carry it out' : 'read it'}.`,
    ops: [op],
    evidence: evidence(
      taken ?? invoke,
      requests.at(-1)?.response,
      settled,
      killed ? crash : undefined,
      screen?.view,
    ),
  }
}
