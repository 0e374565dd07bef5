import { checkReport } from './flaw.ts'
import { payloadHash } from './hash.ts'
import { markIn } from './mark.ts'
import { Problem } from './problem.ts'
import { heldItemsSchema } from './report-schemas.ts'
import type { ServerDump } from './server.ts'

/** A row as it was when it was last seen, as plain data. Kept after the row vanished. */
export interface HeldVersion {
  readonly collection: string
  readonly id: string
  /** Counts the rows that share an id, from 0. */
  readonly nth: number
  /** The number of changes so far, each appearance and disappearance included. */
  readonly version: number
  /** The hash of the content; undefined while there is no such row. */
  readonly hash?: string | undefined
}

/**
 * Turns what a server without versions holds into dumps: counts the changes of each row that show
 * between two dumps. The versions can be handed from one incarnation of a server to the next.
 *
 * A server that comes back without a single one of several rows has lost them, and has not deleted
 * them: it begins another epoch, as one that was restored from a backup does.
 */
export class HeldItems {
  readonly #versions = new Map<string, HeldVersion>()
  #position = 0
  #hasRestarted = false

  constructor(versions: readonly HeldVersion[] = []) {
    for (const version of versions) this.#set(version)
    if (versions.length > 0) this.restarted()
  }

  /** Must be called when the server has started again. */
  restarted(): void {
    this.#hasRestarted = true
  }

  get versions(): HeldVersion[] {
    return [...this.#versions.values()]
  }

  /**
   * Returns the dump, and the versions that changed since the last one. Throws a Problem if `items`
   * are not HeldItems of server.ts.
   */
  dump(items: unknown): { readonly dump: ServerDump; readonly changed: readonly HeldVersion[] } {
    const checked = checkReport(heldItemsSchema, items)
    if ('flaw' in checked) {
      const { expected, received } = checked.flaw
      throw new Problem(
        `its dump expects rows { collection, id, content }; ${expected}: ${received}`,
      )
    }
    const changed: HeldVersion[] = []
    const seen = new Set<string>()
    const rows = checked.value.map(({ collection, id, content }) => {
      let nth = 0
      while (seen.has(keyOf({ collection, id, nth }))) nth++
      const key = keyOf({ collection, id, nth })
      seen.add(key)
      const before = this.#versions.get(key)
      const hash = payloadHash(content)
      const isChanged = before?.hash !== hash
      const version = (before?.version ?? 0) + (isChanged ? 1 : 0)
      if (isChanged) changed.push({ collection, id, nth, version, hash })
      return {
        collection,
        record: markIn(content)?.record ?? id,
        version,
        deleted: false,
        content,
      }
    })
    for (const [key, { hash, ...row }] of this.#versions)
      if (hash !== undefined && !seen.has(key)) changed.push({ ...row, version: row.version + 1 })
    const losses = this.#versions.get(keyOf(LOSSES))?.version ?? 0
    const isLoss = this.#hasRestarted && this.#hasLostAll(seen)
    this.#hasRestarted = false
    if (isLoss) changed.push({ ...LOSSES, version: losses + 1 })
    for (const version of changed) this.#set(version)
    const epoch = losses + (isLoss ? 1 : 0)
    return {
      dump: { epoch: epoch === 0 ? 'held' : `held-${epoch}`, position: this.#position, rows },
      changed,
    }
  }

  /** A single row that is gone may have been deleted just before the server died. */
  #hasLostAll(seen: ReadonlySet<string>): boolean {
    const held = [...this.#versions].filter(([, { hash }]) => hash !== undefined)
    return held.length > 1 && held.every(([key]) => !seen.has(key))
  }

  #set(version: HeldVersion): void {
    const key = keyOf(version)
    if (version.nth >= 0)
      this.#position += version.version - (this.#versions.get(key)?.version ?? 0)
    this.#versions.set(key, version)
  }
}

/** The count of losses is kept as the version of a row that no server can have. */
const LOSSES = { collection: '', id: '', nth: -1 }

const keyOf = ({ collection, id, nth }: Pick<HeldVersion, 'collection' | 'id' | 'nth'>) =>
  JSON.stringify([collection, id, nth])
