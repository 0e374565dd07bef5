import { flawed, pushItems, withBody } from '../wrap.ts'

/** Saves the draft in the input field with each push, though nobody has sent it. */
export default flawed('ghost-writer', 'sends what was only typed', ({ http }) => ({
  http: {
    request: async (request, abort) => {
      const items = pushItems(request)
      if (!items) return http.request(request, abort)
      const draft = {
        type: 'create',
        key: 'draft',
        collection: 'messages',
        record: 'draft',
        rev: 1,
        base: 0,
        stamp: items[0]?.stamp,
        content: { conversation: 'main', text: 'What I wanted to sa' },
      }
      const body = JSON.stringify({ items: [...items, draft] })
      const response = await http.request({ ...request, body }, abort)
      return withBody<{ results: unknown[] }>(response, (results) => ({
        ...results,
        results: results.results.slice(0, items.length),
      }))
    },
  },
}))
