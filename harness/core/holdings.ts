import type { ServerEvent } from './event.ts'
import { groupBy } from './group.ts'
import { marksInText } from './mark.ts'
import { observePayload } from './observe.ts'
import type { ServerDump } from './server.ts'

type Commit = Extract<ServerEvent, { type: 'serverCommit' }>
type DumpRow = ServerDump['rows'][number]

/** A row as the server held it when its dump was last read. Kept after its deletion. */
export interface HeldRow {
  readonly collection: string
  readonly record: string
  readonly version: number
  readonly deleted: boolean
  /** True if the last dump had no row of it at all, not even a tombstone. */
  readonly absent?: boolean | undefined
  readonly hash?: string | undefined
  /** The operations whose markers are in the content. The row's own marker comes last. */
  readonly opIds: readonly string[]
}

/** The holdings of a server, as plain data: handed from one incarnation of a server to the next. */
export interface HeldState {
  /** The epoch of the last dump; absent before the first. */
  readonly epoch?: string | undefined
  /** The number of commits derived so far. */
  readonly position: number
  /** By name; several rows under one name are in the order in which they were first seen. */
  readonly rows: readonly HeldRow[]
}

/**
 * Derives the commits of a server that does not report them, from what it held before and holds
 * now. A row that is there and was not is a creation, other content or another version is an
 * update, and a row that is a tombstone or missing is a deletion. Of several writes to one record
 * between two dumps only the last shows.
 *
 * After a change of the epoch everything that the server holds counts as new: it has another past.
 *
 * {@link learn} applies a derived commit in place of a dump: a process that receives the commits of
 * a server knows what the server held.
 */
export class Holdings {
  readonly #rows = new Map<string, HeldRow[]>()
  #epoch: string | undefined
  #position = 0

  constructor({ epoch, position, rows }: HeldState = { position: 0, rows: [] }) {
    this.#epoch = epoch
    this.#position = position
    for (const row of rows) this.#slotsOf(nameOf(row)).push(row)
  }

  get state(): HeldState {
    return { epoch: this.#epoch, position: this.#position, rows: [...this.#rows.values()].flat() }
  }

  /** Replaces the holdings by those of the dump, and returns the commits that led there. */
  compare(dump: ServerDump): Commit[] {
    this.#enterEpoch(dump.epoch)
    const found: Commit[] = []
    const heldNow = groupBy(dump.rows, nameOf)
    for (const [name, rows] of heldNow) found.push(...this.#compareRows(this.#slotsOf(name), rows))
    for (const [name, slots] of this.#rows)
      if (!heldNow.has(name)) found.push(...this.#withoutRows(slots, slots.keys()))
    return found
  }

  /** Applies a commit that another instance derived. */
  learn(commit: Commit): void {
    const { collection, record, version, write, twin = 0, opId } = commit
    this.#enterEpoch(commit.epoch)
    this.#position = Math.max(this.#position, commit.position)
    const slots = this.#slotsOf(nameOf(commit))
    const before = slots[twin]
    const known = write === 'update' ? (before?.opIds ?? []) : []
    slots[twin] = {
      ...{ collection, record, version },
      deleted: write === 'delete',
      hash: commit.hash,
      opIds: [...known.filter((one) => one !== opId), ...(opId === undefined ? [] : [opId])],
    }
  }

  #enterEpoch(epoch: string): void {
    if (epoch !== this.#epoch) this.#rows.clear()
    this.#epoch = epoch
  }

  #slotsOf(name: string): HeldRow[] {
    const known = this.#rows.get(name)
    if (known) return known
    const slots: HeldRow[] = []
    this.#rows.set(name, slots)
    return slots
  }

  /** Compares the rows under one name. */
  #compareRows(slots: HeldRow[], rows: readonly DumpRow[]): Commit[] {
    const open = new Set(slots.keys())
    const changed: { readonly now: HeldRow; readonly row: DumpRow }[] = []
    for (const row of rows) {
      const now = heldRow(row)
      const twin = [...open].find((slot) => isSame(slots[slot], now))
      if (twin === undefined) changed.push({ now, row })
      else {
        open.delete(twin)
        slots[twin] = now
      }
    }
    const found: Commit[] = []
    for (const { now, row } of changed) {
      const twin = slotFor(now, slots, open)
      open.delete(twin)
      const before = slots[twin]
      slots[twin] = now
      found.push(...this.#commitsOf(before, now, twin, row))
    }
    return [...found, ...this.#withoutRows(slots, open)]
  }

  /** Marks rows that are no longer there; a live one has been deleted. */
  #withoutRows(slots: HeldRow[], twins: Iterable<number>): Commit[] {
    return [...twins].flatMap((twin) => {
      const before = slots[twin]
      if (!before || before.absent) return []
      const version = before.deleted ? before.version : before.version + 1
      const now = { ...before, version, deleted: true, absent: true, hash: undefined, opIds: [] }
      slots[twin] = now
      return before.deleted ? [] : [this.#commit('delete', before, now, twin)]
    })
  }

  #commitsOf(before: HeldRow | undefined, now: HeldRow, twin: number, row: DumpRow): Commit[] {
    if (now.deleted && before?.absent) return []
    const { author = '', content } = row
    if (now.deleted) return [{ ...this.#commit('delete', before, now, twin), author }]
    const live = before?.deleted ? undefined : before
    const known = live?.opIds ?? []
    const own = now.opIds.at(-1)
    // Merged content has the markers of several writes: those that are new took effect now.
    const merged = now.opIds.filter((opId) => opId !== own && !known.includes(opId))
    const isOwn = own === undefined || own !== known.at(-1) || merged.length === 0
    const payload = observePayload(content)
    // A text with a marker in its middle is not as anybody typed it.
    const shown = own === payload.opId || own === undefined ? payload : { opId: own }
    const write = live ? 'update' : 'create'
    const commit = () => ({ ...this.#commit(write, before, now, twin), author })
    return [
      ...merged.map((opId) => ({ ...commit(), opId })),
      ...(isOwn ? [{ ...commit(), ...shown }] : []),
    ]
  }

  #commit(write: Commit['write'], before: HeldRow | undefined, now: HeldRow, twin: number): Commit {
    return {
      type: 'serverCommit',
      position: ++this.#position,
      epoch: this.#epoch ?? '',
      write,
      collection: now.collection,
      record: now.record,
      version: now.version,
      head: !before || before.absent ? 0 : before.version,
      author: '',
      derived: true,
      ...(twin > 0 && { twin }),
    }
  }
}

function heldRow({ collection, record, version, deleted, content }: DumpRow): HeldRow {
  if (deleted) return { collection, record, version, deleted, opIds: [] }
  const { opId, hash } = observePayload(content)
  const texts = Object.values(content ?? {}).filter((value) => typeof value === 'string')
  const marked = texts.flatMap(marksInText).filter((one) => one !== opId)
  const opIds = [...new Set(marked), ...(opId === undefined ? [] : [opId])]
  return { collection, record, version, deleted, hash, opIds }
}

function isSame(before: HeldRow | undefined, now: HeldRow): boolean {
  return (
    before !== undefined &&
    !before.absent &&
    before.version === now.version &&
    before.deleted === now.deleted &&
    (now.deleted || before.hash === now.hash)
  )
}

/**
 * Returns the place among the rows of one name that a row belongs to: that of the same operation,
 * of a live row, or for a live row that of a tombstone; otherwise a new one.
 */
function slotFor(now: HeldRow, slots: readonly HeldRow[], open: ReadonlySet<number>): number {
  const free = [...open]
  const live = free.filter((twin) => !slots[twin]?.deleted)
  const own = now.opIds.at(-1)
  const same = live.find((twin) => own !== undefined && slots[twin]?.opIds.at(-1) === own)
  return same ?? live[0] ?? free[0] ?? slots.length
}

const nameOf = ({ collection, record }: { readonly collection: string; readonly record: string }) =>
  JSON.stringify([collection, record])
