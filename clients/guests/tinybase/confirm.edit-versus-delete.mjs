// A device deletes a row while another, offline, edits it: the later cell wins, and the row is
// back with the edited cell only.
import { createMergeableStore } from 'tinybase'
import { conclude } from '../lossy-server.mjs'

const [ana, ben] = [createMergeableStore('ana'), createMergeableStore('ben')]
ana.setRow('notes', 'errands', { text: 'Post office' })
ana.merge(ben)
ben.delRow('notes', 'errands')
await new Promise((resolve) => setTimeout(resolve, 10))
ana.setPartialRow('notes', 'errands', { text: 'Post office, baker' }) // offline, and later
ana.merge(ben)
conclude(
  ben.hasRow('notes', 'errands'),
  `After the merge ben, who deleted it, has ${JSON.stringify(ben.getTables())}`,
)
