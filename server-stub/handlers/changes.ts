import { type Call, countIn } from '../http/call.ts'
import { json, jsonText, Refusal } from '../http/reply.ts'
import type { Handler } from '../http/router.ts'
import type { Store } from '../store/store.ts'
import { type StoredRecord, stateOf } from '../store/tables.ts'
import { horizonOf } from '../store/tombstones.ts'

const PAGE = 100
const LARGEST_PAGE = 500
/** A page ends once it holds this many characters, so that heavy records do not make one answer of hundreds of megabytes. */
const PAGE_CHARACTERS = 2_000_000

/** GET /changes: keyset pages over the commit sequence, so that writes between two pages are never skipped: they come later in the order. */
export function changesHandler(store: Store): Handler {
  return ({ query }) => {
    const after = countIn(query, 'after', 0)
    const limit = Math.min(LARGEST_PAGE, countIn(query, 'limit', PAGE))
    if (limit === 0) throw new Refusal(400, 'limit must be at least 1')
    return store.database.read((tables) => {
      if (after > 0 && !cursorHolds(after, query, store, horizonOf(tables)))
        return json(410, { error: 'resync', epoch: store.epoch })
      const records = tables.table<StoredRecord>('records')
      const rows = records.by(after === 0 ? 'live' : 'seq', { after, limit: limit + 1 })
      const page: string[] = []
      let characters = 0
      let next = after
      for (const row of rows.slice(0, limit)) {
        const text = JSON.stringify(stateOf(row))
        if (page.length > 0 && characters + text.length > PAGE_CHARACTERS) break
        page.push(text)
        characters += text.length
        next = row.seq
      }
      const more = page.length < rows.length
      // Put together from texts that were measured anyway. After the last page the cursor stands at the newest commit.
      return jsonText(
        200,
        `{"epoch":${JSON.stringify(store.epoch)},"changes":[${page.join(',')}],"next":${more ? next : store.seq},"more":${more}}`,
      )
    })
  }
}

function cursorHolds(after: number, query: Call['query'], store: Store, horizon: number): boolean {
  if (!query.has('epoch')) throw new Refusal(400, 'a cursor needs its epoch')
  // A cursor beyond the newest commit is one of a history that this server has lost.
  return (
    query.get('epoch') === store.epoch &&
    after <= store.seq &&
    (after >= horizon || query.get('full') === '1')
  )
}
