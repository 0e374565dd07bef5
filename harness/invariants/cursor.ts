import type { EventOf } from '../core/event.ts'
import type { History } from '../core/history.ts'
import type { Finding, Invariant } from '../core/invariant.ts'
import { opOf, writerOf } from './reading/lineage.ts'
import { recordName, recordOf } from './reading/screen.ts'
import { evidence, when } from './reading/words.ts'

type Commit = EventOf<'serverCommit'>
type Page = EventOf<'cursorSaved'>

/**
 * A cursor claims everything up to it. A commit may be missing where a later one to the same record, still to come, takes its place; where the page belongs to a resync,
 * which carries no tombstones; and right after a death, when a page was saved that could not be reported any more.
 */
export default {
  id: 'CURSOR',
  promise:
    'A saved cursor means that every commit up to it is on the device, or something newer in its place.',
  needs: ({ cursor }) => (cursor ? undefined : 'the client keeps no cursor into a commit sequence'),
  check(history) {
    const { collections } = history.head.client.capabilities
    const commits = history
      .of('serverCommit')
      .filter((commit) => collections.includes(commit.collection))
      .map((commit) => ({ commit, number: commit.position }))
      .sort((a, b) => a.number - b.number)
    let judged = 0
    const findings: Finding[] = []
    for (const device of history.devices) {
      const reader = new Reader(history, device, commits)
      for (const event of history.events) {
        if (event.node !== device) continue
        if (event.type === 'ackApplied') reader.acked(event)
        if (event.type !== 'cursorSaved') continue
        judged++
        const missing = reader.saved(event)
        const [first] = missing
        if (!first) continue
        const more = missing.length > 1 ? ` and ${missing.length - 1} more` : ''
        findings.push({
          message: `${device} saved cursor ${event.cursor} ${when(event)} without ever getting commit ${first.number}, ${writerOf(history, first.commit)}${more}`,
          ops: [...new Set(missing.flatMap(({ commit }) => opOf(history, commit) ?? []))],
          evidence: evidence(first.commit, event),
        })
      }
    }
    return { judged, findings }
  },
} satisfies Invariant

interface Numbered {
  readonly commit: Commit
  readonly number: number
}

/** What one device has, by what it reported. */
class Reader {
  readonly #history: History
  readonly #device: string
  readonly #commits: readonly Numbered[]
  readonly #ackedRecords: ReadonlyMap<string, string | undefined>
  #epoch: string | undefined
  #has = new Map<string, number>()
  /** Commits before this place were held against an earlier cursor. */
  #place = 0
  #lastSaved = -1

  constructor(history: History, device: string, commits: readonly Numbered[]) {
    this.#history = history
    this.#device = device
    this.#commits = commits
    this.#ackedRecords = new Map(
      history.operations.flatMap((one) => one.keys.map((key) => [key, recordOf(one)] as const)),
    )
  }

  acked({ key, version }: EventOf<'ackApplied'>): void {
    const record = this.#ackedRecords.get(key)
    if (record !== undefined && version !== undefined) this.#raise(record, version)
  }

  /** The commits that this cursor is the first to claim and the device does not have. */
  saved(page: Page): Numbered[] {
    if (page.epoch !== this.#epoch) {
      if (this.#epoch !== undefined) this.#has = new Map()
      this.#epoch = page.epoch
      this.#place = 0
    }
    for (const row of page.rows) this.#raise(recordName(row), row.version)
    const unreported = this.#mayLackReports(page)
    this.#lastSaved = page.seq
    const missing: Numbered[] = []
    for (; this.#place < this.#commits.length; this.#place++) {
      const next = this.#commits[this.#place] as Numbered
      if (next.number > page.cursor) break
      if (next.commit.epoch !== page.epoch || unreported) continue
      const has = this.#has.get(recordName(next.commit)) ?? 0
      if (has < next.commit.version && !this.#isReplaced(next, page)) missing.push(next)
    }
    return missing
  }

  #raise(record: string, version: number): void {
    this.#has.set(record, Math.max(version, this.#has.get(record) ?? 0))
  }

  #isReplaced({ commit, number }: Numbered, page: Page): boolean {
    const later = this.#commits.filter(
      (one) => one.number >= number && recordName(one.commit) === recordName(commit),
    )
    // Server and device are one machine's processes or one thread: what the server had committed when it made the page bears no later stamp than the page's arrival.
    const toCome = later.some(
      (one) => one.number > page.cursor && (one.commit.t <= page.t || one.commit.recovered),
    )
    const newest = later.findLast(
      (one) => one.number <= page.cursor && one.commit.epoch === page.epoch,
    )
    return toCome || (page.full && newest?.commit.write === 'delete')
  }

  /** Since the last page the device died while a pull was under way or just answered: a page may have been saved unsaid. */
  #mayLackReports(page: Page): boolean {
    const died = this.#history
      .of('crash', this.#device)
      .findLast((crash) => crash.seq < page.seq && crash.seq > this.#lastSaved)
    if (!died) return false
    return this.#history.requests.some(
      ({ device, request, response }) =>
        device === this.#device &&
        request.ops.length === 0 &&
        request.seq < died.seq &&
        (!response || response.seq > this.#lastSaved) &&
        (!response || response.seq > died.seq || response.outcome === 'response'),
    )
  }
}
