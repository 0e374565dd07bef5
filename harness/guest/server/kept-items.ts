import { HeldItems, type HeldVersion } from '../../core/held-items.ts'
import type { ServerDump, ServerPorts } from '../../core/server.ts'

const TABLE = 'tunnelproof-held'
type KeptVersion = Omit<HeldVersion, 'hash'> & { readonly hash: string | null }

/** The versions of a server's rows, kept in its database: a restart must not begin them anew. */
export class KeptItems {
  readonly #database: ReturnType<ServerPorts['database']>
  readonly #items: HeldItems

  constructor({ database }: Pick<ServerPorts, 'database'>) {
    this.#database = database({ [TABLE]: { key: ['collection', 'id', 'nth'] } })
    const kept = this.#database.read((tables) => tables.table<KeptVersion>(TABLE).all())
    this.#items = new HeldItems(
      kept.map(({ hash, ...row }) => ({ ...row, hash: hash ?? undefined })),
    )
  }

  dump(items: unknown): ServerDump {
    const { dump, changed } = this.#items.dump(items)
    if (changed.length > 0)
      this.#database.transaction((tables) => {
        const table = tables.table<KeptVersion>(TABLE)
        for (const { hash, ...row } of changed) table.put({ ...row, hash: hash ?? null })
      })
    return dump
  }
}
