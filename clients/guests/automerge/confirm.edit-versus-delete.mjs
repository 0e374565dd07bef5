// A device deletes a row while another, offline, edits a field of it: the edit is lost with the
// row. Neither screen shows it, and no conflict is reported.
import * as Automerge from '@automerge/automerge'
import { conclude } from '../lossy-server.mjs'

let ana = Automerge.from({ notes: { errands: { text: 'Post office' } } })
let ben = Automerge.clone(ana)
ben = Automerge.change(ben, (doc) => delete doc.notes.errands)
ana = Automerge.change(ana, (doc) => {
  doc.notes.errands.text = 'Post office, baker' // offline
})
ana = Automerge.merge(ana, ben)
conclude(
  ana.notes.errands === undefined && Automerge.getConflicts(ana.notes, 'errands') === undefined,
  `After the merge ana has ${JSON.stringify(ana)}`,
)
