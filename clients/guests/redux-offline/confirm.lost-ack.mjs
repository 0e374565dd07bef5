// With the discard of the recipe a write is sent again after a lost response. A request has no
// key by which a server could know it again: a POST stores twice, a PUT overwrites a later write.
import { conclude, lossyServer, until } from '../lossy-server.mjs'
import { discard, openStore } from './store.mjs'

const stored = []
const server = await lossyServer((_, __, body) => stored.push(body.text) && {})
const { seen, send } = await openStore({ discard })
server.loseNextAck()
send(`${server.url}/messages`, 'POST', { text: 'Hello' })
await until(() => seen.includes('SENT'))
server.loseNextAck()
send(`${server.url}/notes/shopping`, 'PUT', { text: 'milk, bread' })
await until(() => stored.length === 3)
stored.push('milk, bread, tea') // another device
await until(() => stored.length === 5)
conclude(
  stored.join(' | ') === 'Hello | Hello | milk, bread | milk, bread, tea | milk, bread',
  `The server stored, in this order: ${stored.join(' | ')}`,
)
