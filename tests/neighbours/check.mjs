// check.mjs DIRECTORY FILE...: holds Dockerfiles that dfc made against other programs.
//
// For each file: dockerfmt must leave it as it is, and dockerfile-utils must find no error. The
// command of each RUN that is not in the input beside it as it stands, which is the user's affair, is
// written to DIRECTORY/NAME.N.sh or .bash for run.sh to look at. Prints one line "ok - NAME TOOL" or
// "not ok - NAME TOOL" a test, with the complaint below it.
import fs from "node:fs"
import path from "node:path"
import { formatDockerfileContents } from "@reteps/dockerfmt"
import { DockerfileParser } from "dockerfile-ast"
import { validate } from "dockerfile-utils"

const [directory, ...files] = process.argv.slice(2)
const STYLE = { indent: 4, trailingNewline: true, spaceRedirects: true }
const ERROR = 1 // DiagnosticSeverity.Error

function report(name, tool, complaints) {
  console.log(`${complaints.length === 0 ? "ok" : "not ok"} - ${name} ${tool}`)
  for (const line of complaints) console.log(`    ${line}`)
}

// Where two texts first differ, as one line of each.
function firstDifference(before, after) {
  const a = before.split("\n")
  const b = after.split("\n")
  const at = a.findIndex((line, i) => line !== b[i])
  if (before === after) return []
  const line = at < 0 ? a.length : at
  return [`line ${line + 1}: ${JSON.stringify(a[line])}`, `becomes: ${JSON.stringify(b[line])}`]
}

async function checkFormat(name, text) {
  let complaints
  try {
    complaints = firstDifference(text, await formatDockerfileContents(text, STYLE))
  } catch (error) {
    complaints = [String(error)]
  }
  report(name, "dockerfmt", complaints)
}

function checkErrors(name, text) {
  const errors = validate(text).filter((found) => found.severity === ERROR)
  report(name, "dockerfile-utils",
    errors.map((found) => `line ${found.range.start.line + 1}: ${found.message}`))
}

// The first lines of an instruction as one: comments and blank lines dropped, continuations joined.
function joinLines(lines, escape) {
  const end = escape === "`" ? /`[ \t]*$/ : /\\[ \t]*$/
  return lines
    .filter((line, i) => i === 0 || !/^\s*(#|$)/.test(line))
    .map((line) => line.replace(/\r$/, ""))
    .map((line) => (end.test(line) ? line.replace(end, "") : line + "\n"))
    .join("")
}

// The shell text of a RUN, or null for the exec form.
function commandOf(instruction, lines, escape) {
  const heredocs = instruction.getHeredocs()
  const range = instruction.getRange()
  const contentStart = heredocs.length > 0
    ? heredocs[0].getContentRange()?.start.line ?? range.end.line : range.end.line + 1
  const head = joinLines(lines.slice(range.start.line, contentStart), escape)
  const command = head.replace(/^\s*RUN\s+/i, "").replace(/^(--[a-z]+(=\S*)?\s+)*(--\s+)?/, "")
  if (command.startsWith("[") && isJson(command)) return null
  const tabs = /<<-/.test(command) ? /^\t+/gm : /^(?!)/
  const body = lines.slice(contentStart, range.end.line + 1).join("\n").replace(tabs, "")
  if (/^<<-?\s*\S+\s*$/.test(command)) return body.split("\n").slice(0, -1).join("\n") + "\n"
  return heredocs.length > 0 ? command + body + "\n" : command
}

function isJson(text) {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

// What SHELL makes of the RUNs after it: a file ending, or null for a shell that is no Unix shell.
function shellEnding(words) {
  const program = path.basename(words[0].replaceAll('"', ""))
  if (program === "bash") return "bash"
  return ["sh", "ash", "dash"].includes(program) ? "sh" : null
}

function writeCommands(name, text, input) {
  const dockerfile = DockerfileParser.parse(text)
  const escape = dockerfile.getEscapeCharacter()
  const lines = text.replace(/^\uFEFF/, "").split("\n")
  let ending = "sh"
  let count = 0
  for (const instruction of dockerfile.getInstructions()) {
    const keyword = instruction.getKeyword()
    if (keyword === "FROM") ending = "sh"
    if (keyword === "SHELL") ending = shellEnding(JSON.parse(instruction.getArgumentsContent()))
    if (keyword !== "RUN" || ending === null) continue
    const command = commandOf(instruction, lines, escape)
    if (command === null || command.startsWith("#!")) continue
    count += 1
    const { start, end } = instruction.getRange()
    if (input.includes(`\n${lines.slice(start.line, end.line + 1).join("\n")}\n`)) continue
    const file = path.join(directory, `${name.replaceAll("/", "_")}.${count}.${ending}`)
    fs.writeFileSync(file, command)
  }
}

for (const file of files) {
  const name = path.dirname(file).replace(/^.*\/neighbours\/stdlib\//, "stdlib/")
  const text = fs.readFileSync(file, "utf8")
  await checkFormat(name, text)
  checkErrors(name, text)
  writeCommands(name, text, `\n${fs.readFileSync(file + ".in", "utf8")}\n`)
}
