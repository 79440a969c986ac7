// Reads tars from standard input, each behind its length in bytes (eight, the highest first), with Go's archive/tar, and
// prints a line of JSON for each: what it read, and the error that it stopped with.
package main

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
)

type member struct {
	Path   string // base64, as it need not be UTF-8
	Kind   string
	Digest string
}

type reading struct {
	Members []member
	Error   string
}

func read(data []byte) (result reading) {
	result.Members = []member{}
	reader := tar.NewReader(bytes.NewReader(data))
	for {
		header, err := reader.Next()
		if err == io.EOF {
			return
		}
		if err != nil {
			result.Error = err.Error()
			return
		}
		if header.Typeflag == tar.TypeXGlobalHeader {
			continue
		}
		digest := sha256.New()
		if _, err := io.Copy(digest, reader); err != nil {
			result.Error = err.Error()
			return
		}
		kind := "special"
		switch mode := header.FileInfo().Mode(); {
		case mode.IsRegular() && (header.Typeflag == tar.TypeReg || header.Typeflag == tar.TypeRegA):
			kind = "file"
		case mode.IsDir() && header.Typeflag == tar.TypeDir:
			kind = "directory"
		}
		path := base64.StdEncoding.EncodeToString([]byte(header.Name))
		result.Members = append(result.Members, member{path, kind, hex.EncodeToString(digest.Sum(nil))})
	}
}

func main() {
	output := json.NewEncoder(os.Stdout)
	for {
		var size uint64
		if err := binary.Read(os.Stdin, binary.BigEndian, &size); err != nil {
			return
		}
		data := make([]byte, size)
		if _, err := io.ReadFull(os.Stdin, data); err != nil {
			os.Exit(1)
		}
		if err := output.Encode(read(data)); err != nil {
			os.Exit(1)
		}
	}
}
