import { once } from 'node:events'
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'

/**
 * A server for the confirm scripts: answers each request with what `handle` returns, and breaks the
 * connection instead of the next answer to a write if `loseNextAck()` was called: the write has
 * happened, and its client cannot know.
 */
export async function lossyServer(handle) {
  let lose = false
  let requests = 0
  const server = createServer(async (request, response) => {
    requests += 1
    const body = request.method === 'GET' ? undefined : await json(request)
    const answer = handle(request.method, request.url, body)
    if (lose && body !== undefined) {
      lose = false
      return request.socket.destroy()
    }
    response.end(JSON.stringify(answer))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    requests: () => requests,
    loseNextAck() {
      lose = true
    },
  }
}

/** Waits until `condition()` is true; fails after half a minute. */
export async function until(condition) {
  for (const end = Date.now() + 30_000; !(await condition()); ) {
    if (Date.now() > end) throw new Error(`not within 30 s: ${condition}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Prints what happened, and ends the process: 0 if the flaw is confirmed, 1 if not. */
export function conclude(confirmed, ...lines) {
  for (const line of lines) console.log(line)
  console.log(confirmed ? 'confirmed' : 'NOT confirmed')
  process.exit(confirmed ? 0 : 1)
}
