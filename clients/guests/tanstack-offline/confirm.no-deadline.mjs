// The executor waits for its mutationFn, and fetch has no deadline: a request without a response
// holds it and everything behind it.
import { createServer } from 'node:http'
import { conclude } from '../lossy-server.mjs'
import { openExecutor } from './executor.mjs'

const server = createServer(() => {}) // never a response
await new Promise((resolve) => server.listen(0, resolve))
let calls = 0
const { write, executor } = await openExecutor(async () => {
  calls += 1
  await fetch(`http://127.0.0.1:${server.address().port}`, { method: 'POST' })
})
write({ id: 'm1', text: 'One' })
write({ id: 'm2', text: 'Two' })
await new Promise((resolve) => setTimeout(resolve, 90_000))
conclude(
  calls === 1 && executor.getPendingCount() >= 1,
  `after 90 s: calls of the mutationFn ${calls}, pending ${executor.getPendingCount()}`,
)
