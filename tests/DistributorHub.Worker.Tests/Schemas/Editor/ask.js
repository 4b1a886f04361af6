// What a YAML editor shows of a file of mappings, by the language server that YAML editors use. Reads a JSON list of questions from the standard
// input, { folder, path, text } with '|' in the text where the cursor stands, and writes a list of { diagnostics, completions, hover }.
// The rule that leads to the schemas is read from the folder's .vscode/settings.json, as an editor does.
const { spawn } = require('node:child_process');
const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const modules = createRequire(path.join(process.argv[2], 'package.json'));
const { createMessageConnection, StreamMessageReader, StreamMessageWriter } = modules('vscode-jsonrpc/node');
const server = spawn(process.execPath, [path.join(process.argv[2], 'node_modules/yaml-language-server/bin/yaml-language-server'), '--stdio'],
  { stdio: ['pipe', 'pipe', 'inherit'] });
const connection = createMessageConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));

const questions = JSON.parse(readFileSync(0, 'utf8'));
const folder = questions[0].folder;
const settings = JSON.parse(readFileSync(path.join(folder, '.vscode/settings.json'), 'utf8'));
const yaml = { schemas: settings['yaml.schemas'], schemaStore: { enable: false }, validate: true, completion: true, hover: true };
const told = new Map();
connection.onRequest('workspace/configuration', ({ items }) => items.map(item => item.section === 'yaml' ? yaml : {}));
connection.onRequest('client/registerCapability', () => null);
connection.onNotification('textDocument/publishDiagnostics', ({ uri, diagnostics }) => told.get(uri)?.(diagnostics));

async function answer({ path: file, text }, version) {
  const uri = pathToFileURL(path.join(folder, file)).href;
  const at = text.indexOf('|');
  const before = text.slice(0, at).split('\n');
  const position = { line: before.length - 1, character: before.at(-1).length };
  const diagnostics = new Promise(resolve => told.set(uri, resolve));
  connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version, text: text.slice(0, at) + text.slice(at + 1) } });
  const found = await diagnostics;
  const completions = await connection.sendRequest('textDocument/completion', { textDocument: { uri }, position });
  const hover = await connection.sendRequest('textDocument/hover', { textDocument: { uri }, position });
  return {
    diagnostics: found.map(d => d.message),
    completions: (completions.items ?? completions).map(item => item.label),
    hover: hover?.contents?.value ?? '',
  };
}

(async () => {
  connection.listen();
  const root = pathToFileURL(folder).href;
  await connection.sendRequest('initialize', {
    processId: process.pid, rootUri: root, workspaceFolders: [{ uri: root, name: 'mappings' }],
    capabilities: { workspace: { configuration: true }, textDocument: { completion: { completionItem: { documentationFormat: ['markdown'] } } } },
  });
  connection.sendNotification('initialized', {});
  connection.sendNotification('workspace/didChangeConfiguration', { settings: { yaml } });
  const answers = [];
  for (const [i, question] of questions.entries())
    answers.push(await answer(question, i + 1));
  process.stdout.write(JSON.stringify(answers));
  server.kill();
  process.exit(0);
})().catch(error => {
  process.stderr.write(`${error.stack ?? error}\n`);
  server.kill();
  process.exit(1);
});
