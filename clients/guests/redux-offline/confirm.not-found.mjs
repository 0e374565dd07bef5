// A PUT that is answered with 404 is discarded at once: the edit of a note that another device has
// deleted, and the edit of a message whose id the server has not told yet.
import { createServer } from 'node:http'
import { conclude, until } from '../lossy-server.mjs'
import { discard, openStore } from './store.mjs'

const server = createServer((_, response) => response.writeHead(404).end())
await new Promise((resolve) => server.listen(0, resolve))
const { seen, send, outbox } = await openStore({ discard })
send(`http://127.0.0.1:${server.address().port}/notes/errands`, 'PUT', { text: 'baker' })
await until(() => seen.includes('ROLLED_BACK'))
conclude(outbox().length === 0, `actions: ${seen.join(', ')}; in the outbox: ${outbox().length}`)
