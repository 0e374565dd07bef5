import { type Abort, HttpError } from '../../harness/core/ports/http.ts'
import type { RecordState } from '../../server-stub/protocol/item.ts'
import type { Transaction } from './client-database.ts'
import { type Page, parsePullResponse } from './pull-response.ts'
import { oldestUnread, quarantine, release, repair } from './quarantine.ts'
import { beginResync, confirm, cursorOf, markLost, sweep } from './records.ts'
import type { AttemptOutcome } from './retry-scheduler.ts'
import type { CursorRow } from './schema.ts'
import { SETTINGS } from './settings.ts'
import { type SyncSetup, send } from './sync-setup.ts'
import { acknowledge } from './write-outcome.ts'

/** Pulls the server's changes into the confirmed base, page by page. Pending writes stay on top. */
export class Pull {
  readonly #setup: SyncSetup
  /** When a page with an unread row may be read again. */
  #rereadAt = 0

  constructor(setup: SyncSetup) {
    this.#setup = setup
  }

  async attempt(abort: Abort): Promise<AttemptOutcome> {
    const { database, clock } = this.#setup
    const cursor = database.read(cursorOf)
    const unread = this.#takeReread(cursor)
    const from = unread === undefined ? cursor : { ...cursor, cursor: unread }
    const response = await send(this.#setup, { method: 'GET', path: pathFor(from) }, abort)
    if (response instanceof HttpError) return { type: 'failed' }
    const result = parsePullResponse(response, from, clock.wall())
    switch (result.type) {
      case 'page':
        return unread === undefined
          ? this.#apply(cursor, result.page)
          : this.#applyReread(cursor, unread, result.page)
      case 'resync':
        return this.#startResync(cursor, result.epoch, result.newest)
      case 'failed':
        return result
      case 'refused':
        // A pull has no content that could be invalid for good, so retry.
        return { type: 'failed' }
    }
  }

  /** Returns the cursor of the oldest page with an unread row, if it is time to read it again. */
  #takeReread({ full }: CursorRow): number | undefined {
    const { database, clock } = this.#setup
    if (full || clock.now() < this.#rereadAt) return undefined
    const after = database.read(oldestUnread)
    if (after !== undefined) this.#rereadAt = clock.now() + SETTINGS.rereadMs
    return after
  }

  #startResync(requested: CursorRow, epoch: string, newest?: number): AttemptOutcome {
    this.#setup.database.transaction((transaction) => {
      if (!isSame(cursorOf(transaction), requested)) return
      // A cursor beyond the newest commit of the same epoch: the server lost the commits between.
      if (newest !== undefined && newest < requested.cursor) markLost(transaction, epoch, newest)
      beginResync(transaction, requested, epoch)
    })
    return { type: 'more' }
  }

  /** Applies a page that was requested again for its unread rows. The cursor stays. */
  #applyReread(requested: CursorRow, after: number, page: Page): AttemptOutcome {
    if (page.epoch !== requested.epoch) return this.#startResync(requested, page.epoch)
    this.#setup.database.transaction((transaction) => {
      if (!isSame(cursorOf(transaction), requested)) return
      const { unnamed } = release(transaction, after)
      for (const change of page.changes)
        this.#applyChange(transaction, change, page.epoch, requested.round)
      quarantine(transaction, after, page.unread)
      // The sweep of a resync was left out if a row did not even name its record.
      if (unnamed && page.unread.length === 0) beginResync(transaction, requested, page.epoch)
    })
    return { type: 'more' }
  }

  #apply(requested: CursorRow, page: Page): AttemptOutcome {
    const outcome: AttemptOutcome = { type: page.more ? 'more' : 'done' }
    if (this.#isNoNews(requested, page)) return outcome
    return this.#setup.database.transaction((transaction) => {
      // Meanwhile a push response started a new epoch: this page belongs to the old one.
      if (!isSame(cursorOf(transaction), requested)) return { type: 'more' }
      const full = requested.full || requested.cursor === 0
      const round = requested.cursor === 0 ? requested.round + 1 : requested.round
      for (const change of page.changes) this.#applyChange(transaction, change, page.epoch, round)
      quarantine(transaction, requested.cursor, page.unread)
      const next: CursorRow = {
        name: 'cursor',
        epoch: page.epoch,
        cursor: page.next,
        complete: !page.more,
        full: full && page.more,
        round,
      }
      if (full && !page.more) sweep(transaction, next)
      transaction.cursors.put(next)
      emitCursorSaved(transaction, page, full)
      return outcome
    })
  }

  /** Returns true if the page changes nothing. Most polls do, and then need no transaction. */
  #isNoNews(requested: CursorRow, page: Page): boolean {
    const unchanged =
      requested.complete &&
      page.changes.length === 0 &&
      page.unread.length === 0 &&
      page.epoch === requested.epoch &&
      page.next === requested.cursor
    if (!unchanged) return false
    // An empty first page is news if the base has records: the server has lost them.
    const hasConfirmed = () =>
      this.#setup.database.read(({ records }) => records.all().some((row) => row.confirmed))
    return requested.cursor > 0 || !hasConfirmed()
  }

  #applyChange(transaction: Transaction, change: RecordState, epoch: string, round: number): void {
    confirm(transaction, change, epoch, round)
    repair(transaction, change)
    // An own write, pulled before its ack arrived. Later responses to its requests change nothing.
    const [entry] =
      change.key === undefined ? [] : transaction.outbox.by('key', { prefix: change.key })
    if (entry) acknowledge(transaction, this.#setup.ids, entry, 'applied', change)
  }
}

function emitCursorSaved({ emit }: Transaction, page: Page, full: boolean): void {
  emit({
    type: 'cursorSaved',
    epoch: page.epoch,
    cursor: page.next,
    complete: !page.more,
    full,
    rows: page.changes.map(({ collection, record, version, deleted }) => ({
      collection,
      record,
      version,
      deleted,
    })),
  })
}

function pathFor({ epoch, cursor, full }: CursorRow): string {
  if (cursor === 0) return `/changes?after=0&limit=${SETTINGS.pageRows}`
  const since = `epoch=${encodeURIComponent(epoch)}&after=${cursor}`
  return `/changes?${since}&limit=${SETTINGS.pageRows}${full ? '&full=1' : ''}`
}

function isSame(a: CursorRow, b: CursorRow): boolean {
  return a.epoch === b.epoch && a.cursor === b.cursor && a.round === b.round
}
