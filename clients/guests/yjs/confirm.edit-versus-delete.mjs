// A device deletes a row while another, offline, edits it: an entry of a Y.Map that is set again
// comes back everywhere.
import * as Y from 'yjs'
import { conclude } from '../lossy-server.mjs'

const [ana, ben] = [new Y.Doc(), new Y.Doc()]
const sync = () => {
  Y.applyUpdate(ana, Y.encodeStateAsUpdate(ben))
  Y.applyUpdate(ben, Y.encodeStateAsUpdate(ana))
}
ana.getMap('notes').set('errands', { text: 'Post office' })
sync()
ben.getMap('notes').delete('errands')
ana.getMap('notes').set('errands', { text: 'Post office, baker' }) // offline
sync()
conclude(
  ben.getMap('notes').has('errands'),
  `After the sync ben, who deleted it, has ${JSON.stringify(ben.getMap('notes').toJSON())}`,
)
