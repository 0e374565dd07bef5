import type { EventOf } from '../core/event.ts'
import { groupBy } from '../core/group.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import type { RequestTrip } from '../core/request-trip.ts'
import { tellsHoldings } from './reading/holdings.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { describeWriter, opsOf } from './reading/record-commits.ts'
import { recordName, recordOf } from './reading/record-name.ts'
import { when } from './reading/wording.ts'

type Commit = EventOf<'serverCommit'>
type Page = EventOf<'cursorSaved'>

const NO_SEQUENCE = 'the server does not show the sequence of its commits'

/**
 * A saved cursor claims that the device has every commit up to it. It claims only what the server
 * had committed when it responded with the page: a commit that was made later, below the cursor, is
 * claimed by the next page. A commit may be missing in three cases: a later commit to the same
 * record, not yet pulled, replaces it; the page belongs to a resync, which contains no tombstones;
 * or the device died, and may have saved a page without a report.
 */
export default {
  id: 'CURSOR',
  promise:
    'A saved cursor means that every commit up to it is on the device, or something newer in its place.',
  needs: ({ cursor }) => (cursor ? undefined : 'the client keeps no cursor into a commit sequence'),
  check(history) {
    if (tellsHoldings(history)) return { judged: 0, findings: [], idle: NO_SEQUENCE }
    const findings: Finding[] = []
    let judged = 0
    const commits = keptCommits(history)
    const perRecord = groupBy(commits, recordName)
    for (const device of history.devices) {
      const pulls = history.requests.filter((trip) => trip.device === device && isPull(trip))
      const answered = pulls.filter(({ response }) => response?.outcome === 'response')
      answered.sort((a, b) => (a.response?.seq ?? 0) - (b.response?.seq ?? 0))
      const replica = new Replica(history, device, { commits, perRecord, pulls, answered })
      for (const event of reportsOf(history, device)) {
        if (event.type === 'ackApplied') replica.acknowledge(event)
        else {
          judged++
          const missing = replica.savePage(event)
          if (missing[0]) findings.push(skipped(history, event, missing[0], missing))
        }
      }
    }
    return judgement(judged, findings)
  },
} satisfies Invariant

/** The commits to the collections that the client keeps, in the server's order. */
function keptCommits(history: History): Commit[] {
  const { collections } = history.head.client.capabilities
  return history
    .of('serverCommit')
    .filter(({ collection }) => collections.includes(collection))
    .sort((a, b) => a.position - b.position)
}

const isPull = ({ request }: RequestTrip) => request.opIds.length === 0 && !request.about?.length

/** The device's acks and pages, in the order of the history. */
function reportsOf(history: History, device: string): (EventOf<'ackApplied'> | Page)[] {
  const reports = [...history.of('ackApplied', device), ...history.of('cursorSaved', device)]
  return reports.sort((a, b) => a.seq - b.seq)
}

function skipped(history: History, page: Page, first: Commit, missing: readonly Commit[]): Finding {
  const more = missing.length > 1 ? ` and ${missing.length - 1} more` : ''
  return {
    message: `${page.node} saved cursor ${page.cursor} ${when(page)} without ever getting commit ${first.position}, ${describeWriter(history, first)}${more}`,
    opIds: opsOf(history, ...missing),
    evidence: evidence(first, page),
  }
}

/** The facts that a {@link Replica} is compared with. */
interface Truth {
  /** In the server's order. */
  readonly commits: readonly Commit[]
  readonly perRecord: ReadonlyMap<string, readonly Commit[]>
  /** The device's requests for changes. */
  readonly pulls: readonly RequestTrip[]
  /** Those that got a response, in the order of the responses. */
  readonly answered: readonly RequestTrip[]
}

/** The versions of records that one device has, according to its own reports. */
class Replica {
  readonly #history: History
  readonly #device: string
  readonly #truth: Truth
  #epoch: string | undefined
  #versions = new Map<string, number>()
  /** Commits before this index were compared with an earlier cursor. */
  #compared = 0
  /** Those among them that had not been made when the server responded. */
  #later: Commit[] = []
  #lastPageSeq = -1
  /** The number of pulls that were answered before the last page. */
  #answers = 0

  constructor(history: History, device: string, truth: Truth) {
    this.#history = history
    this.#device = device
    this.#truth = truth
  }

  acknowledge(ack: EventOf<'ackApplied'>): void {
    const operation = this.#history.operationOf(ack)
    const record = operation && recordOf(operation)
    if (record !== undefined && ack.version !== undefined) this.#raise(record, ack.version)
  }

  /** Returns the commits that this cursor is the first to claim and that the device lacks. */
  savePage(page: Page): Commit[] {
    if (page.epoch !== this.#epoch) this.#beginEpoch(page.epoch)
    for (const row of page.rows) this.#raise(recordName(row), row.version)
    const mayLackReports = this.#mayLackReports(page)
    this.#lastPageSeq = page.seq
    const servedSeq = this.#servedSeq(page)
    const claimed = this.#claimedFirstBy(page, servedSeq)
    return mayLackReports
      ? []
      : claimed.filter((commit) => !this.#has(commit) && !this.#isReplaced(commit, page, servedSeq))
  }

  #beginEpoch(epoch: string): void {
    if (this.#epoch !== undefined) this.#versions = new Map()
    this.#epoch = epoch
    this.#compared = 0
    this.#later = []
  }

  /**
   * The `seq` by which the server had built the page: that of its response to the pull that was
   * answered last, or, if the server's part was not observed, of the request.
   */
  #servedSeq(page: Page): number {
    const { answered } = this.#truth
    while ((answered[this.#answers]?.response?.seq ?? page.seq) < page.seq) this.#answers++
    const trip = answered[this.#answers - 1]
    return (trip?.responded ?? trip?.received ?? trip?.request ?? page).seq
  }

  #claimedFirstBy(page: Page, servedSeq: number): Commit[] {
    const { commits } = this.#truth
    const from = this.#compared
    while ((commits[this.#compared]?.position ?? Number.POSITIVE_INFINITY) <= page.cursor)
      this.#compared++
    const upToCursor = [...this.#later, ...commits.slice(from, this.#compared)]
    const ofEpoch = upToCursor.filter(({ epoch }) => epoch === page.epoch)
    this.#later = ofEpoch.filter(({ seq }) => seq > servedSeq)
    return ofEpoch.filter(({ seq }) => seq < servedSeq)
  }

  #raise(record: string, version: number): void {
    this.#versions.set(record, Math.max(version, this.#versions.get(record) ?? 0))
  }

  #has(commit: Commit): boolean {
    return (this.#versions.get(recordName(commit)) ?? 0) >= commit.version
  }

  /** A commit that was found after a crash may have been made before the page was built. */
  #isReplaced(commit: Commit, page: Page, servedSeq: number): boolean {
    const later = (this.#truth.perRecord.get(recordName(commit)) ?? []).filter(
      ({ position, seq, recovered }) =>
        position >= commit.position && (seq < servedSeq || recovered),
    )
    const newest = later.findLast((one) => one.position <= page.cursor && one.epoch === page.epoch)
    const isYetToCome = later.some(({ position }) => position > page.cursor)
    // After a purge the versions of a record may restart below those of its first life.
    const hasNewest = newest !== undefined && newest !== commit && this.#has(newest)
    return isYetToCome || hasNewest || (page.full && newest?.write === 'delete')
  }

  /**
   * Returns true if the device died since its last page while a pull was under way or had just been
   * answered: it may have saved a page without a report.
   */
  #mayLackReports(page: Page): boolean {
    const death = this.#history
      .of('crash', this.#device)
      .findLast((crash) => crash.seq < page.seq && crash.seq > this.#lastPageSeq)
    if (!death) return false
    return this.#truth.pulls.some(
      ({ request, response }) =>
        request.seq < death.seq &&
        (!response || response.seq > this.#lastPageSeq) &&
        (!response || response.seq > death.seq || response.outcome === 'response'),
    )
  }
}
