// A mutation is sent again after a lost response. Without its key a server stores it twice.
import { conclude, lossyServer, until } from '../lossy-server.mjs'
import { openExecutor } from './executor.mjs'

const stored = []
const server = await lossyServer((_, __, body) => stored.push(body) && {})
const keys = []
const { write } = await openExecutor(async ({ transaction, idempotencyKey }) => {
  keys.push(idempotencyKey)
  const { id, ...body } = transaction.mutations[0].modified
  await fetch(server.url, { method: 'POST', body: JSON.stringify(body) })
})
server.loseNextAck()
write({ id: 'm1', text: 'Did you get this?' })
await until(() => keys.length === 2)
await until(() => stored.length === 2)
conclude(
  stored[0].text === stored[1].text && keys[0] === keys[1],
  `The server stored ${JSON.stringify(stored)}; the key of both attempts is ${keys[0]}`,
)
