import type { EventOf } from '../core/event.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { evidence, judgement } from './reading/judgement.ts'
import { describeWriter, opsOf } from './reading/record-commits.ts'
import { recordName, recordOf } from './reading/record-name.ts'
import { when } from './reading/wording.ts'

type Commit = EventOf<'serverCommit'>
type Page = EventOf<'cursorSaved'>

/**
 * A saved cursor claims that the device has every commit up to it. A commit may be missing in three
 * cases: a later commit to the same record, not yet pulled, replaces it; the page belongs to a
 * resync, which contains no tombstones; or the device died, and may have saved a page without a
 * report.
 */
export default {
  id: 'CURSOR',
  promise:
    'A saved cursor means that every commit up to it is on the device, or something newer in its place.',
  needs: ({ cursor }) => (cursor ? undefined : 'the client keeps no cursor into a commit sequence'),
  check(history) {
    const findings: Finding[] = []
    let judged = 0
    const commits = keptCommits(history)
    for (const device of history.devices) {
      const replica = new Replica(history, device, commits)
      for (const event of history.events) {
        if (event.node !== device) continue
        if (event.type === 'ackApplied') replica.acknowledge(event)
        if (event.type !== 'cursorSaved') continue
        judged++
        const missing = replica.savePage(event)
        if (missing[0]) findings.push(skipped(history, event, missing[0], missing))
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

function skipped(history: History, page: Page, first: Commit, missing: readonly Commit[]): Finding {
  const more = missing.length > 1 ? ` and ${missing.length - 1} more` : ''
  return {
    message: `${page.node} saved cursor ${page.cursor} ${when(page)} without ever getting commit ${first.position}, ${describeWriter(history, first)}${more}`,
    opIds: opsOf(history, ...missing),
    evidence: evidence(first, page),
  }
}

/** The versions of records that one device has, according to its own reports. */
class Replica {
  readonly #history: History
  readonly #device: string
  readonly #commits: readonly Commit[]
  #epoch: string | undefined
  #versions = new Map<string, number>()
  /** Commits before this index were checked against an earlier cursor. */
  #checked = 0
  #lastPageSeq = -1

  constructor(history: History, device: string, commits: readonly Commit[]) {
    this.#history = history
    this.#device = device
    this.#commits = commits
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
    const claimed = this.#claimedFirstBy(page)
    return mayLackReports
      ? []
      : claimed.filter((commit) => !this.#has(commit) && !this.#isReplaced(commit, page))
  }

  #beginEpoch(epoch: string): void {
    if (this.#epoch !== undefined) this.#versions = new Map()
    this.#epoch = epoch
    this.#checked = 0
  }

  #claimedFirstBy(page: Page): Commit[] {
    const from = this.#checked
    while ((this.#commits[this.#checked]?.position ?? Number.POSITIVE_INFINITY) <= page.cursor)
      this.#checked++
    return this.#commits.slice(from, this.#checked).filter(({ epoch }) => epoch === page.epoch)
  }

  #raise(record: string, version: number): void {
    this.#versions.set(record, Math.max(version, this.#versions.get(record) ?? 0))
  }

  #has(commit: Commit): boolean {
    return (this.#versions.get(recordName(commit)) ?? 0) >= commit.version
  }

  #isReplaced(commit: Commit, page: Page): boolean {
    const later = this.#commits.filter(
      (one) => one.position >= commit.position && recordName(one) === recordName(commit),
    )
    // Server and device run on one machine, so the timestamp of any commit that the server made
    // before it built the page is not later than that of the page's arrival.
    const isYetToCome = later.some(
      (one) => one.position > page.cursor && (one.t <= page.t || one.recovered),
    )
    const newest = later.findLast((one) => one.position <= page.cursor && one.epoch === page.epoch)
    return isYetToCome || (page.full && newest?.write === 'delete')
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
    return this.#history.requests.some(
      ({ device, request, response }) =>
        device === this.#device &&
        request.opIds.length === 0 &&
        request.seq < death.seq &&
        (!response || response.seq > this.#lastPageSeq) &&
        (!response || response.seq > death.seq || response.outcome === 'response'),
    )
  }
}
