import type { Event } from '../core/event.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describe, type Operation } from '../core/operation.ts'
import { spanText } from '../core/time.ts'
import { type Fate, fates } from './reading/fate.ts'
import { finalScreen, type Screen, screenOf } from './reading/screen.ts'
import { attempts, evidence, hadTimeToRecover, healthySpan, when } from './reading/words.ts'

/** Judged after healing alone, and only of clients that had twice their own bound. What is gone cannot end: NO-LOSS tells of it. */
export default {
  id: 'LIVENESS',
  promise:
    'Once the network is well again, everything that waited ends by itself: no tap, no restart, no second message.',
  needs: () => undefined,
  check(history) {
    const judged = [...fates(history)].filter(([, fate]) => fate !== 'cancelled')
    const stuck = judged.filter(([operation, fate]) =>
      isStuck(operation, fate, finalScreen(history, operation.device)),
    )
    const unseen = judged.find(([, fate]) => fate === 'unseen')
    const patient = hadTimeToRecover(history)
    const undecided =
      stuck[0] && !patient
        ? `${describe(stuck[0][0])} still waits, but it had less than twice the ${spanText(history.head.client.capabilities.recovery)} the client declares`
        : unseen &&
          `what became of ${describe(unseen[0])} cannot be told: ${unseen[0].device}'s screen or the server was not read at the end`
    return {
      judged: judged.length,
      findings: patient
        ? stuck.map(([operation, fate]) => neverEnded(history, operation, fate))
        : [],
      ...(undecided !== undefined && { undecided }),
    }
  },
} satisfies Invariant

/** On the server and still under a clock icon has not ended for the person. */
function isStuck(operation: Operation, fate: Fate, screen: Screen | undefined): boolean {
  if (fate === 'waiting') return true
  if (!screen || (fate !== 'committed' && fate !== 'conflict')) return false
  return (
    screen.entryOf(operation)?.state === 'pending' ||
    screen.rowsOf(operation.op).some(({ status }) => status === 'pending')
  )
}

function neverEnded(history: History, operation: Operation, fate: Fate): Finding {
  const { device, op, invoke, localCommit, saved, requests, outcomes, commits } = operation
  const rejected = outcomes.find(({ outcome }) => outcome === 'rejected')
  const health = spanText(healthySpan(history) ?? 0)
  const state =
    fate === 'committed'
      ? `has been on the server since ${spanText(commits[0]?.t ?? 0)}, and ${device}'s screen still shows it waiting`
      : fate === 'conflict'
        ? `lost to another write, and ${device}'s screen still shows it waiting`
        : rejected
          ? `will never be taken by the server (${rejected.rule ?? 'rejected'}), and ${device}'s screen still shows it waiting`
          : `never reached the server`
  const { words, proof } = unsticking(history, operation, fate)
  return {
    message: `${describe(operation)} ${state} after ${health} of a healthy network; the app ${attempts(operation)}${words}`,
    ops: [op],
    evidence: evidence(
      localCommit ?? saved ?? invoke,
      commits[0] ?? rejected ?? requests.at(-1)?.request,
      history.phase('settle'),
      finalScreen(history, device)?.view,
      proof,
    ),
  }
}

/**
 * What the probing after the run showed. Each stuck device was started anew, and where that did not help another write was made on it: the last of
 * these before the operation ended is what unstuck it.
 */
function unsticking(
  history: History,
  operation: Operation,
  fate: Fate,
): { words: string; proof?: Event } {
  const { device, op, keys } = operation
  if (history.probe.length === 0) return { words: '' }
  let tried: 'start' | 'invoke' | undefined
  for (const event of history.probe) {
    if (event.node === device && (event.type === 'start' || event.type === 'invoke'))
      tried = event.type
    const isCommit =
      event.type === 'serverCommit' &&
      (event.op === op || (event.key !== undefined && keys.includes(event.key)))
    const isCleared =
      event.type === 'view' &&
      event.node === device &&
      fate !== 'waiting' &&
      !isStuck(operation, fate, screenOf(event))
    if (!isCommit && !isCleared) continue
    const cure = { start: 'a restart unsticks it', invoke: 'another write unsticks it' }
    return {
      words: tried ? `; ${cure[tried]}` : `; it ended ${when(event)}, far too late`,
      proof: event,
    }
  }
  return tried ? { words: '; nothing we tried unsticks it' } : { words: '' }
}
