/**
 * The client of the README, apart from a check of the status: a response is a response. Whatever
 * comes back, an error included, the message counts as sent.
 *
 * @module
 */
import type { ClientDefinition } from '../../../harness/core/client.ts'

type Message = {
  readonly id: string
  readonly place: number
  readonly conversation: string
  readonly text: string
  readonly waiting: 0 | 1
}

const anyStatus: ClientDefinition = {
  name: 'flawed/any-status',
  title: 'takes a response of any status for success',
  capabilities: {
    collections: ['messages'],
    update: false,
    delete: false,
    cancel: false,
    statuses: true,
    outbox: false,
    cursor: false,
    versions: false,
    allSynced: false,
    conflicts: false,
    ordered: true,
    recovery: 40_000,
  },
  create({ clock, random, http, database, recorder }, { device, user }) {
    const headers = {
      'content-type': 'application/json',
      'tunnelproof-device': device,
      'tunnelproof-user': user,
    }
    const db = database({ messages: { key: 'id', indexes: { shown: ['waiting', 'place'] } } })
    const shown = (waiting: 0 | 1) =>
      db.read((tables) => tables.table<Message>('messages').by('shown', { prefix: waiting }))
    const put = (messages: readonly Message[]) => {
      db.transaction((tables) => {
        for (const message of messages) tables.table<Message>('messages').put(message)
      })
      recorder.screen()
    }

    async function sync(): Promise<void> {
      for (const message of shown(1)) {
        const { id, conversation, text } = message
        const body = JSON.stringify({ id, conversation, text })
        const sent = await http.request({
          method: 'POST',
          path: '/messages',
          headers,
          body,
          deadline: 15_000,
        })
        const place = sent.status === 201 ? JSON.parse(sent.body).timestamp : message.place
        put([{ ...message, waiting: 0, place }])
      }
      const news = await http.request({
        method: 'GET',
        path: '/messages?since=0',
        headers,
        deadline: 15_000,
      })
      if (news.status !== 200) return
      type Sent = { id: string; conversation: string; text: string; timestamp: number }
      const { messages } = JSON.parse(news.body) as { messages: Sent[] }
      put(
        messages.map(({ id, conversation, text, timestamp }) => ({
          id,
          conversation,
          text,
          place: timestamp,
          waiting: 0,
        })),
      )
    }
    const again = (): void => {
      sync()
        .catch(() => {})
        .finally(() => clock.after(5000, again))
    }

    return {
      start: again,
      perform(action) {
        if (action.type !== 'create')
          return { saved: Promise.resolve({ refused: 'it can only send' }) }
        const id = Array.from(random.bytes(16), (byte) => byte.toString(16).padStart(2, '0')).join(
          '',
        )
        const { conversation, text } = action.content
        put([
          {
            id,
            place: clock.now(),
            conversation: String(conversation),
            text: String(text),
            waiting: 1,
          },
        ])
        return { saved: Promise.resolve({ durable: true }) }
      },
      view: () => ({
        rows: [...shown(0), ...shown(1)].map(({ id, conversation, text, waiting }) => ({
          collection: 'messages',
          id,
          content: { conversation, text },
          status: waiting ? 'pending' : 'sent',
        })),
      }),
      stop() {},
    }
  },
}
export default anyStatus
