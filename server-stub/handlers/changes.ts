import { type ParsedRequest, readCount } from '../http/parsed-request.ts'
import { InvalidRequest, jsonText, resyncResponse } from '../http/response.ts'
import type { Handler } from '../http/router.ts'
import type { Store } from '../store/store.ts'
import { type StoredRecord, stateOf } from '../store/tables.ts'
import { horizonOf } from '../store/tombstones.ts'

const PAGE_SIZE_DEFAULT = 100
const PAGE_SIZE_MAX = 500
/** Limits a page, so that a few large records do not make a response of hundreds of megabytes. */
const PAGE_CHARACTERS_MAX = 2_000_000

/**
 * GET /changes. Returns keyset pages over the commit sequence. A write made between two pages is
 * not skipped: its position is after both.
 */
export function changesHandler(store: Store): Handler {
  return ({ query }) => {
    const after = readCount(query, 'after', 0)
    const limit = Math.min(PAGE_SIZE_MAX, readCount(query, 'limit', PAGE_SIZE_DEFAULT))
    if (limit === 0) throw new InvalidRequest(400, 'limit must be at least 1')
    return store.database.read((tables) => {
      if (after > 0 && !isValidCursor(after, query, store, horizonOf(tables)))
        return resyncResponse(store)
      const records = tables.table<StoredRecord>('records')
      const rows = records.by(after === 0 ? 'live' : 'seq', { after, limit: limit + 1 })
      const page: string[] = []
      let characters = 0
      let next = after
      for (const row of rows.slice(0, limit)) {
        const text = JSON.stringify(stateOf(row))
        if (page.length > 0 && characters + text.length > PAGE_CHARACTERS_MAX) break
        page.push(text)
        characters += text.length
        next = row.seq
      }
      const more = page.length < rows.length
      // The changes are already serialized. The cursor of the last page is the newest commit.
      const epoch = JSON.stringify(store.epoch)
      const cursor = more ? next : store.seq
      return jsonText(
        200,
        `{"epoch":${epoch},"changes":[${page.join(',')}],"next":${cursor},"more":${more}}`,
      )
    })
  }
}

function isValidCursor(
  after: number,
  query: ParsedRequest['query'],
  store: Store,
  horizon: number,
): boolean {
  if (!query.has('epoch')) throw new InvalidRequest(400, 'a cursor needs its epoch')
  // A cursor beyond the newest commit points to commits that this server has lost.
  return (
    query.get('epoch') === store.epoch &&
    after <= store.seq &&
    (after >= horizon || query.get('full') === '1')
  )
}
