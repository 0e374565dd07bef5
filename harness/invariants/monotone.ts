import type { Event, EventOf } from '../core/event.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { isWrite } from '../core/operation.ts'
import { askedOf } from './reading/asked.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { commitsPerRecord, describeWriter, opOf, opsOf } from './reading/record-commits.ts'
import { recordName } from './reading/record-name.ts'
import { screenOf } from './reading/screen.ts'
import { when } from './reading/wording.ts'

type Commit = EventOf<'serverCommit'>

/**
 * Checks the server, where a version must belong to one write within an epoch, and then each
 * device's screens. A page or an ack may bring an older version than the device has: it is applied
 * or ignored, and only the screen shows which.
 */
export default {
  id: 'MONOTONE',
  promise: 'The confirmed version of a record never goes back, on the server and on any screen.',
  needs: ({ versions }) => (versions ? undefined : "the client does not show a record's version"),
  check(history) {
    const chains = commitsPerRecord(history)
    const restarts = chains.flatMap((commits) => restartOf(history, commits) ?? [])
    const restarted = new Set(restarts.map(({ record }) => record))
    const findings = restarts.map(({ finding }) => finding)
    let judged = chains.reduce((sum, commits) => sum + commits.length, 0)
    for (const device of history.devices) {
      const seen = new Screens(history, device)
      judged += seen.rowsJudged
      findings.push(...seen.decreases.filter(({ record }) => !restarted.has(record)).map(asFinding))
    }
    return judgement(judged, findings)
  },
} satisfies Invariant

/**
 * Returns the first commit of a record in an epoch that does not raise its version. Skips an
 * operation's second effect: a server without idempotency keys made a second record of it.
 */
function restartOf(
  history: History,
  commits: readonly Commit[],
): { readonly record: string; readonly finding: Finding } | undefined {
  const opIds = new Set<string | undefined>()
  let highest: Commit | undefined
  for (const commit of commits) {
    if (commit.twin !== undefined) continue
    const opId = opOf(history, commit)
    if (opId !== undefined && opIds.has(opId)) continue
    opIds.add(opId)
    // A dump may show versions that its server does not count, and shows none of a missing row.
    if (commit.derived && commit.write !== 'update') highest = undefined
    if (commit.derived && (commit.write === 'delete' || commit.version === highest?.version))
      continue
    if (highest && commit.version <= highest.version) {
      return { record: recordName(commit), finding: asRestart(history, commit, highest) }
    }
    highest = commit
  }
  return undefined
}

function asRestart(history: History, commit: Commit, highest: Commit): Finding {
  return {
    message: `${describeWriter(history, commit)} became version ${commit.version} of ${commit.record} ${when(commit)}; version ${highest.version} had been ${describeWriter(history, highest)}, in the same epoch`,
    opIds: opsOf(history, highest, commit),
    evidence: evidence(highest, commit),
  }
}

/** A version that a device had of a record, and the event that shows it. */
interface Confirmed {
  readonly version: number
  readonly event: Event
}

interface Decrease {
  readonly record: string
  readonly opId: string | undefined
  readonly version: number
  readonly before: Confirmed
  readonly view: EventOf<'view'>
}

/** Follows the versions of records that one device reports and shows. */
class Screens {
  readonly decreases: Decrease[] = []
  rowsJudged = 0
  readonly #history: History
  #epoch: string | undefined
  /** By pages and acks, which are on disk. */
  readonly #stored = new Versions()
  #decreasesAtPage = 0
  /** By screens. A killed app may start with less than it last showed. */
  readonly #shown = new Versions()

  constructor(history: History, device: string) {
    this.#history = history
    const reports = [
      ...history.of('cursorSaved', device),
      ...history.of('ackApplied', device),
      ...history.of('view', device),
      ...history.of('crash', device),
    ].sort((a, b) => a.seq - b.seq)
    for (const event of reports) this.#follow(event)
  }

  #follow(event: Event): void {
    if (event.type === 'crash') this.#shown.clear()
    if (event.type === 'view') this.#check(event)
    if (event.type === 'cursorSaved') {
      if (this.#epoch !== event.epoch) this.#beginEpoch(event.epoch)
      for (const row of event.rows) this.#stored.raise(row, row.version, event)
      this.#decreasesAtPage = this.decreases.length
    }
    if (event.type === 'ackApplied' && event.version !== undefined) {
      const operation = this.#history.operationOf(event)
      if (operation && isWrite(operation.action))
        this.#stored.raise(operation.action, event.version, event)
    }
  }

  /** A decrease after the last page of an epoch may belong to the next epoch already. */
  #beginEpoch(epoch: string): void {
    const isFirst = this.#epoch === undefined
    this.#epoch = epoch
    if (isFirst) return
    this.#stored.clear()
    this.#shown.clear()
    this.decreases.length = this.#decreasesAtPage
  }

  #check(view: EventOf<'view'>): void {
    const asked = askedOf(this.#history, view)
    const { rows } = view.view
    const hasTwins = new Set(rows.map(({ record }) => record)).size < rows.length
    for (const row of rows) {
      const { version, opId } = row
      if (version === undefined) continue
      // Two records may have one name: ONE-ROW judges that.
      if (hasTwins && screenOf(view).rowsAt(recordName(row)).length > 1) continue
      this.rowsJudged++
      const before =
        this.#shown.above(row, version, asked.seq) ?? this.#stored.above(row, version, asked.seq)
      if (before) this.#add({ record: recordName(row), opId, version, before, view })
      this.#shown.raise(row, version, view)
    }
  }

  #add(decrease: Decrease): void {
    if (this.decreases.some(({ record }) => record === decrease.record)) return
    this.decreases.push(decrease)
  }
}

interface RecordRef {
  readonly collection: string
  readonly record: string
}

/** The highest version of each record. By collection first: each row of each screen asks for it. */
class Versions {
  readonly #collections = new Map<string, Map<string, Confirmed>>()

  /** Returns the highest version, if it is above this one and was known at an event. */
  above({ collection, record }: RecordRef, version: number, seq: number): Confirmed | undefined {
    const highest = this.#collections.get(collection)?.get(record)
    return highest && highest.version > version && highest.event.seq < seq ? highest : undefined
  }

  raise({ collection, record }: RecordRef, version: number, event: Event): void {
    const records = this.#collections.get(collection) ?? new Map<string, Confirmed>()
    if (version <= (records.get(record)?.version ?? 0)) return
    this.#collections.set(collection, records.set(record, { version, event }))
  }

  clear(): void {
    this.#collections.clear()
  }
}

function asFinding({ record, opId, version, before, view }: Decrease): Finding {
  const name = record.replace('/', ' ')
  const had = before.event.type === 'view' ? 'it had shown' : 'its app had stored'
  return {
    message: `${view.node}'s screen ${when(view)} shows version ${version} of ${name}; ${had} version ${before.version} ${when(before.event)}`,
    opIds: opId === undefined ? [] : [opId],
    evidence: evidence(before.event, view),
  }
}
