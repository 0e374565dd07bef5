// A note is edited offline and deleted on another device: the server answers 404. The mutation
// fails and the list is loaded again without the note: what was written is nowhere any more.
import { MutationObserver, QueryClient, QueryObserver } from '@tanstack/query-core'
import { conclude } from '../lossy-server.mjs'

const server = new Map([['errands', { id: 'errands', text: 'post office' }]])
const client = new QueryClient()
client.mount()
const queryKey = ['notes']
const list = new QueryObserver(client, { queryKey, queryFn: () => [...server.values()] })
list.subscribe(() => {})
await client.refetchQueries({ queryKey })

client.setMutationDefaults(['edit'], {
  mutationFn: async (note) => {
    if (!server.has(note.id)) throw new Error('HTTP 404')
    server.set(note.id, note)
  },
  onMutate: (note) => client.setQueryData(queryKey, [note]),
  onSettled: () => client.invalidateQueries({ queryKey }),
})
server.delete('errands') // another device
const edit = new MutationObserver(client, { mutationKey: ['edit'] })
const failed = await edit.mutate({ id: 'errands', text: 'post office, baker' }).catch((it) => it)
await client.refetchQueries({ queryKey })

const shown = client.getQueryData(queryKey)
conclude(
  failed?.message === 'HTTP 404' && shown.length === 0,
  `The mutation failed: ${failed?.message}. On the screen: ${JSON.stringify(shown)}`,
)
