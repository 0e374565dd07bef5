import { defineToxic } from '../toxic.ts'

/** Passes everything through. */
export default defineToxic({
  type: 'noop',
  attributes: {},
  join: () => ({
    start: (pipe) => ({ chunk: (chunk, at) => pipe.write(chunk, at) }),
  }),
})
