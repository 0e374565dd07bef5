import { flawed, pushItems } from '../wrap.ts'

const LENGTH_MAX = 12

/** Sends only the beginning of a text, as into a column that is too narrow. */
export default flawed('cut-text', `sends only ${LENGTH_MAX} characters of a text`, ({ http }) => ({
  http: {
    request: (request, abort) => {
      const items = pushItems(request)?.map(({ content, ...item }) => ({
        ...item,
        ...(content !== undefined && { content: shortened(content as { text: string }) }),
      }))
      return http.request(items ? { ...request, body: JSON.stringify({ items }) } : request, abort)
    },
  },
}))

const shortened = (content: { readonly text: string }) => ({
  ...content,
  text: content.text.slice(0, LENGTH_MAX),
})
