// The ack of an update is lost, another device overwrites the row, and Legend-State's retry puts
// the old text back.
import { observable } from '@legendapp/state'
import { syncedCrud } from '@legendapp/state/sync-plugins/crud'
import { conclude, lossyServer, until } from '../lossy-server.mjs'

const written = []
const server = await lossyServer((_, __, row) => {
  written.push(row.text)
  return { ...row, updatedAt: written.length }
})
const put = async (row) =>
  (await fetch(server.url, { method: 'PUT', body: JSON.stringify(row) })).json()
const notes$ = observable(
  syncedCrud({
    list: () => [{ id: 'shopping', text: 'milk', updatedAt: 1 }],
    create: put,
    update: put,
    retry: { infinite: true },
    changesSince: 'last-sync',
    fieldUpdatedAt: 'updatedAt',
  }),
)
notes$.get()
await until(() => notes$.shopping.text.peek() === 'milk')

server.loseNextAck()
notes$.shopping.text.set('milk, bread')
await until(() => written.length === 1)
await put({ id: 'shopping', text: 'milk, bread, tea' }) // another device
await until(() => written.length === 3)

conclude(
  written.join(' | ') === 'milk, bread | milk, bread, tea | milk, bread',
  `The server was told, in this order: ${written.join(' | ')}`,
)
