'use strict'
// Reads the files of a folder with readers that are not ours, and writes what they saw as JSON: for each file its segments, as tag and
// elements of components, and what the reader has to say against it.
//   NODE_PATH=.../node_modules node read.js FOLDER

const fs = require('fs')
const path = require('path')
const EdifactParser = require('edifact/parser.js')
const Validator = require('edifact/validator.js')
const Tracker = require('edifact/tracker.js')
const { X12Parser: StrictX12 } = require('node-x12')
const { X12parser: StreamX12 } = require('x12-parser')

// CONTRL is not among the messages of the package; its table and formats from ISO 9735 (syntax 3, annexes; syntax 4, part 4).
const m1 = content => ({ content, mandatory: true, repetition: 1 })
const up = (content, repetition) => ({ content, mandatory: false, repetition })
const messages = () => up([m1('UCM'), up([m1('UCS'), up('UCD', 99)], 999)], 999999)
const contrl = [m1('UNH'), m1('UCI'), messages(), up([m1('UCF'), messages()], 999999), m1('UNT')]
const service = {
  UCI: { requires: 4, elements: ['0020', 'S002', 'S003', '0083', '0085', '0013', 'S011'] },
  UCF: { requires: 4, elements: ['0048', 'S006', 'S007', '0083', '0085', '0013', 'S011'] },
  UCM: { requires: 3, elements: ['0062', 'S009', '0083', '0085', '0013', 'S011'] },
  UCS: { requires: 1, elements: ['0096', '0085'] },
  UCD: { requires: 2, elements: ['0085', 'S011'] },
  UNT: { requires: 2, elements: ['0074', '0062'] },
  UNZ: { requires: 2, elements: ['0036', '0020'] }
}
const formats = {
  '0020': ['an..14'], '0048': ['an..14'], '0062': ['an..14'], '0083': ['an..3'], '0085': ['an..3'], '0013': ['a3'], '0096': ['n..6'],
  '0074': ['n..6'], '0036': ['n..6'], S002: ['an..35', 'an..4', 'an..14'], S003: ['an..35', 'an..4', 'an..14'], S006: ['an..35', 'an..4'],
  S007: ['an..35', 'an..4'], S009: ['an..6', 'an..3', 'an..3', 'an..3', 'an..6'], S011: ['n..3', 'n..3']
}

function readEdifact (bytes) {
  const segments = []
  const validator = new Validator()
  validator.define(require('edifact/segments.js'))
  validator.define(require('edifact/elements.js'))
  validator.define(service)
  validator.define(Object.fromEntries(Object.entries(formats).map(([name, components]) => [name, { requires: 1, components }])))
  const parser = new EdifactParser(validator)
  const identifier = /UNB.(UNO[A-Z])/.exec(bytes.toString('latin1'))[1]
  parser.encoding(identifier)
  let element
  parser.on('opensegment', tag => segments.push([tag, []]))
  parser.on('element', () => segments[segments.length - 1][1].push(element = []))
  parser.on('component', value => element.push(value))
  // The package knows no repetition separator, which syntax 4 announces; nothing in an acknowledgement repeats.
  const text = bytes.toString(identifier === 'UNOY' ? 'utf8' : 'latin1').replace(/^UNA:\+\.\?\*'/, '')
  parser.write(text)
  parser.end()
  track(segments)
  return segments
}

// Every message has to follow the table of its type, and the trailers have to count what came.
function track (segments) {
  let from = -1
  let count = 0
  segments.forEach(([tag, elements], at) => {
    if (tag === 'UNH') {
      from = at
      count++
    }
    if (tag === 'UNT') {
      const type = segments[from][1][1][0]
      const tracker = new Tracker(type === 'CONTRL' ? contrl : require(`edifact/messages/${type}.json`))
      tracker.on('error', error => { throw error })
      segments.slice(from, at + 1).forEach(([inner]) => tracker.accept(inner))
      expect(elements[0][0], at - from + 1, 'UNT 0074')
      expect(elements[1][0], segments[from][1][0][0], 'UNT 0062')
    }
    if (tag === 'UNZ') {
      expect(elements[0][0], count, 'UNZ 0036')
      expect(elements[1][0], segments[0][1][4][0], 'UNZ 0020')
    }
  })
}

function expect (found, expected, place) {
  if (String(found) !== String(expected)) throw new Error(`${place} is ${found}, not ${expected}`)
}

function readX12 (bytes) {
  const segments = []
  const parser = new StreamX12()
  parser.on('error', error => { throw error })
  parser.on('data', ({ name, ...values }) => {
    const elements = []
    for (const [place, value] of Object.entries(values)) {
      // "3" is element 3 or its first component, "3-1" its second.
      const [element, component = 0] = place.split('-').map(Number)
      const components = elements[element - 1] ??= []
      components[component] = value
    }
    segments.push([name, Array.from(elements, components => Array.from(components ?? [''], value => value ?? ''))])
  })
  return new Promise((resolve, reject) => {
    parser.on('error', reject)
    parser.on('end', () => {
      // The strict reader knows no TA1 outside groups.
      if (segments.some(([tag]) => tag === 'GS')) {
        const interchange = new StrictX12(true).parse(bytes.toString('latin1'))
        const sets = interchange.functionalGroups.flatMap(group => group.transactions)
        const inner = sets.reduce((sum, set) => sum + set.segments.length, 0)
        expect(inner, segments.filter(([tag]) => !/^(ISA|GS|ST|SE|GE|IEA)$/.test(tag)).length, 'the number of segments')
      }
      resolve(segments)
    })
    parser.end(bytes.toString('latin1'))
  })
}

async function main (folder) {
  const read = []
  for (const name of fs.readdirSync(folder).sort()) {
    const bytes = fs.readFileSync(path.join(folder, name))
    const seen = { name, segments: [], fault: null }
    try {
      seen.segments = await (name.endsWith('.edi') ? readEdifact(bytes) : readX12(bytes))
    } catch (error) {
      seen.fault = error.message
    }
    read.push(seen)
  }
  process.stdout.write(JSON.stringify(read))
}

main(process.argv[2])
