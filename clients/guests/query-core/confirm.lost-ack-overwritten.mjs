// The ack of a PUT is lost, another device writes, and the retry puts the old text back.
import { MutationObserver, onlineManager, QueryClient } from '@tanstack/query-core'
import { conclude, lossyServer, until } from '../lossy-server.mjs'

const written = []
const server = await lossyServer((_, __, body) => written.push(body.text))
const put = async (note) =>
  (await fetch(server.url, { method: 'PUT', body: JSON.stringify(note) })).json()

const client = new QueryClient()
client.mount()
const mutation = new MutationObserver(client, { mutationFn: put, retry: 3 })
server.loseNextAck()
const done = mutation.mutate({ text: 'milk, bread' })
await until(() => written.length === 1)
onlineManager.setOnline(false) // the tunnel: the mutation is paused
await put({ text: 'milk, bread, tea' }) // another device has read the note and adds to it
await new Promise((resolve) => setTimeout(resolve, 2000))
onlineManager.setOnline(true)
await done

conclude(
  written.join(' | ') === 'milk, bread | milk, bread, tea | milk, bread',
  `The server was told, in this order: ${written.join(' | ')}`,
)
