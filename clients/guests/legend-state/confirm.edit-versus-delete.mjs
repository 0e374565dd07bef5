// A row is edited here and deleted on another device. The edit is sent, the answer marks the row as
// deleted, and nobody is told.
import { observable } from '@legendapp/state'
import { syncedCrud } from '@legendapp/state/sync-plugins/crud'
import { conclude, lossyServer, until } from '../lossy-server.mjs'

let row = { id: 'errands', text: 'post office', createdAt: 1, updatedAt: 1 }
let writes = 0
const server = await lossyServer((method, _, body) => {
  if (method === 'GET') return [row]
  writes += 1
  row = { ...row, ...body, updatedAt: row.updatedAt + 1 }
  if (deleted) row.deleted = true
  return row
})
let deleted = false
const call = async (method, body) =>
  (await fetch(server.url, { method, ...(body && { body: JSON.stringify(body) }) })).json()
const errors = []
let refresh
const notes$ = observable(
  syncedCrud({
    list: () => call('GET'),
    create: (it) => call('POST', it),
    update: (it) => call('PUT', it),
    subscribe: (on) => {
      refresh = on.refresh
    },
    onError: (error) => errors.push(error),
    retry: { infinite: true },
    changesSince: 'last-sync',
    fieldCreatedAt: 'createdAt',
    fieldUpdatedAt: 'updatedAt',
    fieldDeleted: 'deleted',
  }),
)
notes$.get()
await until(() => notes$.errands.peek() && refresh)
deleted = true // another device
notes$.errands.text.set('post office, baker')
await until(() => notes$.errands.deleted.peek())
await refresh()
conclude(
  writes === 1 && errors.length === 0,
  `The edit was sent ${writes} time, and answered. On the device: ${JSON.stringify(notes$.peek())}`,
  `Errors reported: ${errors.length}`,
)
