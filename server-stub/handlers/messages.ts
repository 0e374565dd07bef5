import { v7 } from 'uuid'
import type { Clock } from '../../harness/core/ports/clock.ts'
import type { Random } from '../../harness/core/random.ts'
import { parseBody } from '../http/body.ts'
import type { ParsedRequest } from '../http/parsed-request.ts'
import { InvalidRequest, json } from '../http/response.ts'
import type { Handler } from '../http/router.ts'
import { formatStamp } from '../protocol/hlc.ts'
import { editRequestSchema, sendRequestSchema } from '../protocol/messages.ts'
import type { Store } from '../store/store.ts'
import type { StoredRecord } from '../store/tables.ts'
import type { Write } from '../write/decide.ts'
import type { Writer } from '../write/writer.ts'

type Type = Write['type']

/**
 * Makes the handlers of POST /messages, PUT and DELETE /messages/ID. A server that remembers keys
 * keeps the id of a new message; any other creates a new message for each request.
 */
export function messageHandlers(
  write: Writer,
  store: Store,
  remembersKeys: boolean,
  clock: Clock,
  random: Random,
): Readonly<Record<Type, Handler>> {
  /** Writes on whatever is current: the last write to arrive wins. */
  const apply = (
    { author, requestId }: ParsedRequest,
    type: Type,
    record: string,
    details: Pick<Write, 'key' | 'content'>,
  ) => {
    const { outcome, rule, at, current } = write(
      {
        type,
        collection: 'messages',
        record,
        ...details,
        base: versionOf(store, record),
        stamp: formatStamp({ ms: clock.wall(), counter: 0 }, 'server'),
        author,
      },
      { requestId, versioned: false },
    )
    const isDone = outcome === 'applied' || outcome === 'duplicate'
    if (isDone && at !== undefined)
      return json(type === 'create' ? 201 : 200, { id: record, timestamp: at })
    throw new InvalidRequest(statusOf(type, current), rule ?? 'not taken')
  }
  return {
    create: (call) => {
      const { id, ...content } = parseBody(call.body, sendRequestSchema)
      const key = call.key ?? id
      return apply(call, 'create', (remembersKeys && id) || newId(clock, random), {
        content,
        ...(key !== undefined && { key }),
      })
    },
    update: (call) => {
      const content = parseBody(call.body, editRequestSchema)
      return apply(call, 'update', call.id, { content, ...keyOf(call) })
    },
    delete: (call) => apply(call, 'delete', call.id, keyOf(call)),
  }
}

const keyOf = ({ key }: ParsedRequest) => (key === undefined ? {} : { key })

function newId(clock: Clock, random: Random): string {
  return v7({ msecs: Math.max(0, Math.floor(clock.wall())), random: random.bytes(16) })
}

function versionOf(store: Store, record: string): number {
  return store.database.read(
    (tables) => tables.table<StoredRecord>('records').get(['messages', record])?.version ?? 0,
  )
}

/** The status of a refused write, with the record as it is now. */
function statusOf(type: Type, current: StoredRecord | undefined): number {
  if (type === 'create' || (current && !current.deleted)) return 409
  return current ? 410 : 404
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
    return json(200, { epoch: store.epoch, messages })
  }
}

/** Returns '' unless the field is a text: a push may have stored any JSON in a message. */
function textOf(field: unknown): string {
  return typeof field === 'string' ? field : ''
}
