import type { Event, EventOf } from '../core/event.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { describeOperation, type Operation } from '../core/operation.ts'
import { spanText } from '../core/time.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { hadTimeToRecover, healthyMs } from './reading/recovery-time.ts'
import { finalScreen } from './reading/screen.ts'
import { describeAttempts } from './reading/sending.ts'
import { completionInProbe, type StuckWrite, stuckWrites } from './reading/stuck.ts'
import { moment, when } from './reading/wording.ts'
import { undecidedWrite, writeOutcomes } from './reading/write-outcome.ts'

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
    const expected = [...writeOutcomes(history)].flatMap(([operation, outcome]) =>
      outcome === 'cancelled' ? [] : [operation],
    )
    const stuck = stuckWrites(history)
    const unanswered = expected.filter((operation) => isUnanswered(history, operation))
    const hadTime = hadTimeToRecover(history)
    const findings = hadTime
      ? [
          ...stuck.map((write) => neverCompleted(history, write)),
          ...unanswered.map((operation) => neverAnswered(history, operation)),
        ]
      : []
    const late = stuck[0]?.operation ?? unanswered[0]
    const hasty = hadTime || !late ? undefined : tooHasty(history, late)
    return judgement(expected.length, findings, hasty ?? undecidedWrite(history))
  },
} satisfies Invariant

/**
 * Returns true if the app never said whether it accepted the action, although it was alive from
 * then on until its screen was read.
 */
function isUnanswered(history: History, operation: Operation): boolean {
  const { device, invoke, saved } = operation
  const read = history.phase('read')
  if (saved || !read) return false
  return !history.of('crash', device).some(({ seq }) => seq > invoke.seq && seq < read.seq)
}

function neverAnswered(history: History, operation: Operation): Finding {
  const { device, opId, invoke } = operation
  return {
    message: `${device}'s app never said whether it took ${describeOperation(operation)}, asked for ${when(invoke)}: neither saved nor refused after ${spanText(healthyMs(history) ?? 0)} of a healthy network`,
    opIds: [opId],
    evidence: evidence(invoke, history.phase('settle'), history.phase('read')),
  }
}

function tooHasty(history: History, operation: Operation): string {
  const { recovery } = history.head.client.capabilities
  return `${describeOperation(operation)} still waits, but it had less than twice the ${spanText(recovery)} the client declares`
}

function neverCompleted(history: History, write: StuckWrite): Finding {
  const { operation } = write
  const { device, opId, invoke, localCommit, saved, requests, commits } = operation
  const health = spanText(healthyMs(history) ?? 0)
  const { wording, proof } = probed(history, write)
  const note = noteOn(history, operation)
  const noted = note ? `; its app noted: "${note.text}"` : ''
  return {
    message: `${describeOperation(operation)} ${describeState(write)} after ${health} of a healthy network; ${describeAttempts(history, operation)}${noted}${wording}`,
    opIds: [opId],
    evidence: evidence(
      localCommit ?? saved ?? invoke,
      commits[0] ?? rejectionOf(operation) ?? requests.at(-1)?.request,
      note,
      history.phase('settle'),
      finalScreen(history, device)?.view,
      proof,
    ),
  }
}

/** Notes of the device this close to its last attempt count as being about it. */
const NOTE_WITHIN_MS = 5000

/** The client's own remark on the write, or on what it did around the last attempt. */
function noteOn(history: History, operation: Operation): EventOf<'note'> | undefined {
  const { opId, device, invoke, requests } = operation
  const notes = history.of('note', device)
  const attempt = requests.at(-1)?.request ?? invoke
  return (
    notes.findLast((note) => note.opId === opId) ??
    notes.findLast(
      (note) =>
        note.opId === undefined &&
        note.seq > invoke.seq &&
        Math.abs(note.t - attempt.t) <= NOTE_WITHIN_MS,
    )
  )
}

const rejectionOf = ({ outcomes }: Operation) =>
  outcomes.find(({ outcome }) => outcome === 'rejected')

function describeState({ operation, outcome, state }: StuckWrite): string {
  const { device, commits } = operation
  const [commit] = commits
  const since = commit ? moment(commit) : spanText(0)
  if (state === 'abandoned')
    return `was given up: ${device}'s screen shows it as failed, though nothing refused it,`
  if (state === 'shown-failed')
    return `has been on the server since ${since}, and ${device}'s screen still shows it as failed`
  const stillWaiting = `and ${device}'s screen still shows it waiting`
  if (outcome === 'committed') return `has been on the server since ${since}, ${stillWaiting}`
  if (outcome === 'conflict') return `lost to another write, ${stillWaiting}`
  if (commit) return `was on the server ${when(commit)} and is lost there, ${stillWaiting}`
  const rejection = rejectionOf(operation)
  return rejection
    ? `will never be taken by the server (${rejection.rule ?? 'rejected'}), ${stillWaiting}`
    : 'never reached the server'
}

const ATTEMPTS = { start: 'a restart', invoke: 'another write' }

/**
 * Describes the result of the probe after the run. The probe restarts each stuck device and, if
 * that does not help, makes another write on it. The last of these before the write completed is
 * its cure.
 */
function probed(history: History, write: StuckWrite): { wording: string; proof?: Event } {
  const { device } = write.operation
  const proof = completionInProbe(history, write)
  const tried = history.probe.findLast(
    (event) =>
      event.node === device &&
      (event.type === 'start' || event.type === 'invoke') &&
      (!proof || event.seq < proof.seq),
  )
  const attempt = tried && ATTEMPTS[tried.type as keyof typeof ATTEMPTS]
  if (!proof) return { wording: attempt ? '; nothing we tried unsticks it' : '' }
  if (!attempt) return { wording: `; it ended ${when(proof)}, far too late`, proof }
  const end = describeEnd(proof)
  return { wording: `; ${attempt} ${end} (${when(proof)}, in the probe)`, proof }
}

function describeEnd(event: Event): string {
  const outcome = 'outcome' in event ? event.outcome : 'applied'
  if (outcome === 'conflict') return 'ends it: it lost to another write'
  if (outcome === 'rejected') return 'ends it: it is rejected'
  return 'unsticks it'
}
