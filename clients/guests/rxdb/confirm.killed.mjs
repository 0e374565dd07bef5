// With memory storage, what was not pushed is lost with the process.

import { execFileSync } from 'node:child_process'
import { createRxDatabase } from 'rxdb/plugins/core'
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory'
import { conclude } from '../lossy-server.mjs'

const properties = { id: { type: 'string', maxLength: 9 }, text: { type: 'string' } }
const schema = { version: 0, primaryKey: 'id', type: 'object', properties }
const database = await createRxDatabase({ name: 'app', storage: getRxStorageMemory() })
const { messages } = await database.addCollections({ messages: { schema } })
if (process.argv[2] === 'write') {
  await messages.insert({ id: 'm1', text: 'Hello' })
  process.kill(process.pid, 'SIGKILL')
}
try {
  execFileSync(process.execPath, [import.meta.filename, 'write'], { stdio: 'ignore' })
} catch (error) {
  const left = (await messages.find().exec()).length
  conclude(error.signal === 'SIGKILL' && left === 0, `Messages after the restart, of 1: ${left}`)
}
