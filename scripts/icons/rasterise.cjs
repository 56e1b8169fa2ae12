// Runs in Electron: draws an SVG at several sizes. usage: electron rasterise.cjs IN.svg OUT-FOLDER SIZE...
'use strict'
const { app, BrowserWindow } = require('electron')
const { readFileSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')

const [svgFile, folder, ...sizes] = process.argv.slice(process.argv.indexOf(__filename) + 1)

async function draw(window, svg, size) {
  const base64 = await window.webContents.executeJavaScript(`(async () => {
    const image = new Image()
    image.src = 'data:image/svg+xml;base64,${svg}'
    await image.decode()
    const canvas = Object.assign(document.createElement('canvas'), { width: ${size}, height: ${size} })
    const context = canvas.getContext('2d')
    context.imageSmoothingQuality = 'high'
    context.drawImage(image, 0, 0, ${size}, ${size})
    return canvas.toDataURL('image/png').split(',')[1]
  })()`)
  writeFileSync(join(folder, `${size}x${size}.png`), Buffer.from(base64, 'base64'))
}

app.whenReady().then(async () => {
  const window = new BrowserWindow({ show: false, webPreferences: { sandbox: true } })
  await window.loadURL('data:text/html,<title>icons</title>')
  const svg = readFileSync(svgFile).toString('base64')
  for (const size of sizes) await draw(window, svg, Number(size))
  app.exit(0)
})
