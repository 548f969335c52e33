import { writeFileSync } from 'node:fs'
import { asyncApiText } from './asyncapi.js'

/** `npm run asyncapi`: writes events/asyncapi.json anew, after an event or a table has changed. */
writeFileSync('events/asyncapi.json', asyncApiText())
