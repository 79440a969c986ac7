// Says of each line of JSON whether Go reads it as Mattermost's bulk import does: its time, and one address without a name.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/mail"
	"os"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var line struct {
			Email    string
			CreateAt int64
		}
		if json.Unmarshal(lines.Bytes(), &line) != nil {
			fmt.Println("no")
			continue
		}
		address, err := mail.ParseAddress(line.Email)
		fmt.Println(map[bool]string{true: "yes", false: "no"}[err == nil && address.Name == ""])
	}
}
