import { describe, expect, it } from 'vitest'
import { renderTemplate } from '../../../../electron/cli/spec/render-template'

describe('renderTemplate', () => {
  it.each<[string, string]>([
    ['no braces', 'no braces'],
    ['a {{.x}} b {{ .x }}{{.y_2}}', 'a X b X2'],
    ['a \n {{- .x -}} \n b', 'aXb'],
    ['{{/* gone */}}a', 'a'],
    ['{{"{{"}} {{`}}`}}', '{{ }}'],
    ['{{"a\\"b"}}', 'a"b'],
    ['}} {', '}} {'],
    ['{{if .x}}yes{{end}}{{if .empty}}no{{end}}', 'yes'],
    ['{{if eq .x "Y"}}a{{else if eq .x "Z" "X"}}b{{else}}c{{end}}', 'b'],
    ['{{if .empty}}a{{else if .empty}}b{{else}}c{{end}}', 'c'],
    ['{{with .x}}<{{.}}>{{else}}none{{end}}{{with .empty}}a{{else}}<{{.x}}>{{end}}', '<X><X>'],
    ['{{range $name, $value := .}}{{$name}}={{$value}};{{end}}', 'empty=;x=X;y_2=2;'],
    ['{{range .}}[{{.}}]{{end}}', '[][X][2]'],
    ['{{$v := .x}}{{if true}}{{$v = "new"}}{{$w := $v}}{{$w}}{{end}} {{$v}} {{$.x}}', 'new new X'],
    ['{{printf "%s-%05d|%-4s|%q|%v|%t|%.2f|%x|%%" .x 42 .x .x 7 true 1.5 .x}}', 'X-00042|X   |"X"|7|true|1.50|58|%'],
    ['{{.x | printf "<%s>" | len}}', '3'],
    ['{{print .x .y_2}} {{print 1 2}} {{println .x}}', 'X2 1 2 X\n'],
    ['{{or .empty "default"}} {{and .x .y_2}} {{not .x}} {{len .}}', 'default 2 false 3'],
    ['{{index . "no such"}}{{index . "x"}} {{slice "abcdef" 1 3}}', 'X bc'],
    ['{{gt 2 1}} {{le "a" "b"}} {{ne .x .y_2}} {{if and (eq .x "X") (not (eq .y_2 "3"))}}both{{end}}', 'true true true both'],
    ['{{html "<a&b>"}} {{urlquery "a b&c"}} {{js "it\'s"}}', "&lt;a&amp;b&gt; a+b%26c it\\'s"],
    ['a\n{{- if .x }}\nb\n{{- end }}\nc', 'a\nb\nc'],
    ['{{.}}', 'map[empty: x:X y_2:2]'],
  ])('%s', (text, expected) => expect(renderTemplate(text, { x: 'X', y_2: '2', empty: '' })).toBe(expected))

  it('never looks into a value that was filled in', () => {
    expect(renderTemplate('{{.x}}', { x: '{{.y}}' })).toBe('{{.y}}')
  })

  it.each<[string, RegExp]>([
    ['a\nb {{.who}}', /line 2: there is no value for {{\.who}}/],
    ['{{.toString}}', /no value for {{\.toString}}/],
    ['a\n{{if .x}}', /line 2: {{if \.x}} has no {{end}}/],
    ['{{if .x}}a{{else}}b', /has no {{end}}/],
    ['{{if .missing}}a{{end}}', /no value for {{\.missing}}/],
    ['{{end}}', /{{end}} belongs to no block/],
    ['{{else}}', /belongs to no block/],
    ['{{.x | upper}}', /there is no function upper/],
    ['{{toString .x}}', /there is no function toString/],
    ['{{.x.y}}', /\.y is asked of a text/],
    ['{{.x "arg"}}', /no function/],
    ['{{define "a"}}b{{end}}', /{{define "a"}} is not understood/],
    ['{{$v}}', /\$v is set nowhere/],
    ['{{$v = 1}}', /\$v is set nowhere/],
    ['{{range .x}}{{end}}', /range goes over a map/],
    ['{{eq .x 1}}', /different kinds/],
    ['{{printf "%d" .x}}', /printf cannot write a text as %d/],
    ['{{printf "%s"}}', /no value for %s/],
    ['{{slice .x 0 9}}', /out of range/],
    ['{{(.x}}', /is not understood/],
    ['{{{{.x}}}}', /is not understood/],
    ['{{if}}a{{end}}', /is not understood/],
    ['{{.x', /line 1: "{{" is never closed/],
  ])('refuses %s', (text, says) => expect(() => renderTemplate(text, { x: 'X' })).toThrow(says))
})
