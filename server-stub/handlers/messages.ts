import { v7 } from 'uuid'
import type { Clock } from '../../harness/core/ports/clock.ts'
import type { Random } from '../../harness/core/random.ts'
import { parseBody } from '../http/body.ts'
import { InvalidRequest, json } from '../http/response.ts'
import type { Handler } from '../http/router.ts'
import { formatStamp } from '../protocol/hlc.ts'
import { sendRequestSchema } from '../protocol/messages.ts'
import type { Store } from '../store/store.ts'
import type { StoredRecord } from '../store/tables.ts'
import type { Writer } from '../write/writer.ts'

/**
 * POST /messages. A server that remembers keys uses the message's id as the key; any other server
 * creates a new message for each request.
 */
export function sendHandler(
  write: Writer,
  remembersKeys: boolean,
  clock: Clock,
  random: Random,
): Handler {
  return ({ body, author, requestId }) => {
    const { id, conversation, text } = parseBody(body, sendRequestSchema)
    const wall = clock.wall()
    const record =
      (remembersKeys && id) ||
      v7({ msecs: Math.max(0, Math.floor(wall)), random: random.bytes(16) })
    const { outcome, rule, at } = write(
      {
        type: 'create',
        collection: 'messages',
        record,
        content: { conversation, text },
        base: 0,
        stamp: formatStamp({ ms: wall, counter: 0 }, 'server'),
        author,
        ...(id !== undefined && { key: id }),
      },
      { requestId, versioned: false },
    )
    if (outcome === 'conflict' || outcome === 'rejected' || at === undefined)
      throw new InvalidRequest(409, rule ?? 'not taken')
    return json(201, { id: record, timestamp: at })
  }
}

/** GET /messages?since=TIMESTAMP. Returns the live messages, oldest first. */
export function messagesHandler(store: Store): Handler {
  return ({ query }) => {
    const since = Number(query.get('since') ?? 0)
    if (!Number.isFinite(since)) throw new InvalidRequest(400, 'since must be a number')
    const rows = store.database.read((tables) =>
      tables.table<StoredRecord>('records').by('sent', { after: since }),
    )
    const messages = rows.map(({ record, content, author, sentAt }) => ({
      id: record,
      conversation: textOf(content?.conversation),
      text: textOf(content?.text),
      author,
      timestamp: sentAt,
    }))
    return json(200, { messages })
  }
}

/** Returns '' unless the field is a text: a push may have stored any JSON in a message. */
function textOf(field: unknown): string {
  return typeof field === 'string' ? field : ''
}
