import { MESSAGES_ONLY } from '../../../core/capabilities.ts'
import type { ClientDefinition } from '../../../core/client.ts'

type Message = {
  readonly id: string
  readonly conversation: string
  readonly text: string
}
type Unsent = Message & {
  readonly n: number
}

const RETRY_MS = 3000
const POLL_MS = 10_000

/** A plain chat app: keeps messages until the server has stored them, each with a key. */
const retryingChat: ClientDefinition = {
  name: 'retrying-chat',
  title: 'keeps a message until the server has stored it',
  capabilities: { ...MESSAGES_ONLY, recovery: 30_000 },
  create({ clock, http, database, recorder }) {
    const db = database({ unsent: { key: 'id' } })
    const unsent = () =>
      db.read((tables) => tables.table<Unsent>('unsent').all()).sort((a, b) => a.n - b.n)
    let listed: readonly Message[] = []
    let isSending = false
    const call = async (method: 'GET' | 'POST', body?: Message) => {
      const response = await http.request({
        method,
        path: '/messages',
        ...(body && {
          headers: { 'content-type': 'application/json', 'idempotency-key': body.id },
          body: JSON.stringify({ conversation: body.conversation, text: body.text }),
        }),
        deadline: 10_000,
      })
      return response.status < 300 ? response.body : undefined
    }
    const list = async () => {
      const body = await call('GET').catch(() => undefined)
      if (body === undefined) return
      listed = (JSON.parse(body) as { messages: Message[] }).messages
      recorder.screen()
    }
    const send = async (): Promise<void> => {
      if (isSending) return
      isSending = true
      for (let next = unsent()[0]; next; next = unsent()[0]) {
        const message = next
        const stored = await call('POST', message).catch(() => undefined)
        if (stored === undefined) {
          clock.after(RETRY_MS, () => void send())
          break
        }
        // The message stays on the screen until the list has it.
        await list()
        db.transaction((tables) => tables.table<Unsent>('unsent').delete(message.id))
      }
      isSending = false
    }
    const poll = () => void list().then(() => clock.after(POLL_MS, poll))
    return {
      start: () => {
        poll()
        void send()
      },
      perform: (action) => {
        if (action.type === 'create') {
          const { conversation, text } = action.content as unknown as Message
          const n = clock.now()
          db.transaction((tables) =>
            tables.table<Unsent>('unsent').put({ id: action.opId, conversation, text, n }),
          )
          void send()
        }
        return { saved: Promise.resolve({ durable: true }) }
      },
      view: () => {
        const texts = new Set(listed.map(({ text }) => text))
        const shown = [...listed, ...unsent().filter(({ text }) => !texts.has(text))]
        return {
          rows: shown.map(({ id, conversation, text }) => ({
            collection: 'messages',
            id,
            content: { conversation, text },
          })),
        }
      },
      stop: () => {},
    }
  },
}

export default retryingChat
