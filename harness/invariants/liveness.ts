import type { Event } from '../core/event.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describeOperation, type Operation } from '../core/operation.ts'
import { spanText } from '../core/time.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { hadTimeToRecover, healthyMs } from './reading/recovery-time.ts'
import { finalScreen, type Screen, screenOf } from './reading/screen.ts'
import { attempts, moment, when } from './reading/wording.ts'
import { undecidedWrite, type WriteOutcome, writeOutcomes } from './reading/write-outcome.ts'

/**
 * Judges only the time after healing, and only if the client had twice its declared recovery time.
 * Skips lost writes: NO-LOSS reports them.
 */
export default {
  id: 'LIVENESS',
  promise:
    'Once the network is well again, everything that waited ends by itself: no tap, no restart, no second message.',
  needs: () => undefined,
  check(history) {
    const writes = [...writeOutcomes(history)].map(([operation, outcome]) => ({
      operation,
      outcome,
    }))
    const expected = writes.filter(({ outcome }) => outcome !== 'cancelled')
    const stuck = expected.filter((write) =>
      isStuck(write, finalScreen(history, write.operation.device)),
    )
    const hadTime = hadTimeToRecover(history)
    const findings = hadTime ? stuck.map((write) => neverCompleted(history, write)) : []
    const hasty = hadTime || !stuck[0] ? undefined : tooHasty(history, stuck[0])
    return judgement(expected.length, findings, hasty ?? undecidedWrite(history))
  },
} satisfies Invariant

interface Write {
  readonly operation: Operation
  readonly outcome: WriteOutcome
}

/** Returns true also for a decided write that is still shown with a clock icon. */
function isStuck({ operation, outcome }: Write, screen: Screen | undefined): boolean {
  if (outcome === 'waiting') return true
  if (!screen || (outcome !== 'committed' && outcome !== 'conflict')) return false
  return (
    screen.entryOf(operation)?.state === 'pending' ||
    screen.rowsOf(operation.opId).some(({ status }) => status === 'pending')
  )
}

function tooHasty(history: History, { operation }: Write): string {
  const { recovery } = history.head.client.capabilities
  return `${describeOperation(operation)} still waits, but it had less than twice the ${spanText(recovery)} the client declares`
}

function neverCompleted(history: History, write: Write): Finding {
  const { operation } = write
  const { device, opId, invoke, localCommit, saved, requests, commits } = operation
  const health = spanText(healthyMs(history) ?? 0)
  const { wording, proof } = probed(history, write)
  return {
    message: `${describeOperation(operation)} ${describeState(write)} after ${health} of a healthy network; the app ${attempts(operation)}${wording}`,
    opIds: [opId],
    evidence: evidence(
      localCommit ?? saved ?? invoke,
      commits[0] ?? rejectionOf(operation) ?? requests.at(-1)?.request,
      history.phase('settle'),
      finalScreen(history, device)?.view,
      proof,
    ),
  }
}

const rejectionOf = ({ outcomes }: Operation) =>
  outcomes.find(({ outcome }) => outcome === 'rejected')

function describeState({ operation, outcome }: Write): string {
  const stillWaiting = `and ${operation.device}'s screen still shows it waiting`
  const [commit] = operation.commits
  if (outcome === 'committed')
    return `has been on the server since ${commit ? moment(commit) : spanText(0)}, ${stillWaiting}`
  if (outcome === 'conflict') return `lost to another write, ${stillWaiting}`
  const rejection = rejectionOf(operation)
  return rejection
    ? `will never be taken by the server (${rejection.rule ?? 'rejected'}), ${stillWaiting}`
    : 'never reached the server'
}

const CURES = { start: 'a restart unsticks it', invoke: 'another write unsticks it' }

/**
 * Describes the result of the probe after the run. The probe restarts each stuck device and, if
 * that does not help, makes another write on it. The last of these before the write completed is
 * its cure.
 */
function probed(history: History, write: Write): { wording: string; proof?: Event } {
  let tried: keyof typeof CURES | undefined
  for (const event of history.probe) {
    const isOwn = event.node === write.operation.device
    if (isOwn && (event.type === 'start' || event.type === 'invoke')) tried = event.type
    if (!completes(event, write)) continue
    return {
      wording: tried ? `; ${CURES[tried]}` : `; it ended ${when(event)}, far too late`,
      proof: event,
    }
  }
  return { wording: tried ? '; nothing we tried unsticks it' : '' }
}

/** Returns true if the event commits the write, or shows it without a clock icon. */
function completes(event: Event, write: Write): boolean {
  const { device, opId, keys } = write.operation
  if (event.type === 'serverCommit')
    return event.opId === opId || (event.key !== undefined && keys.includes(event.key))
  const isOwnView = event.type === 'view' && event.node === device
  return isOwnView && write.outcome !== 'waiting' && !isStuck(write, screenOf(event))
}
