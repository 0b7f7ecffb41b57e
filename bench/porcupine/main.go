// Checks the history of one counter of tickets with Porcupine, a general checker of linearizability:
//
//	porcupine <history.ndjson> <capacity> <time limit, such as 60s>
//
// Prints one line of JSON: how many operations were checked, what came out (Ok, Illegal, or Unknown where the time was
// up), and how long the check alone took, without reading.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/anishathalye/porcupine"
)

type result struct {
	Operations int    `json:"operations"`
	Result     string `json:"result"`
	WallMs     int64  `json:"wallMs"`
}

func check(path, capacityText, limitText string) (result, error) {
	capacity, err := strconv.Atoi(capacityText)
	if err != nil {
		return result{}, err
	}
	limit, err := time.ParseDuration(limitText)
	if err != nil {
		return result{}, err
	}
	file, err := os.Open(path)
	if err != nil {
		return result{}, err
	}
	defer file.Close()
	operations, err := read(file)
	if err != nil {
		return result{}, err
	}
	begun := time.Now()
	verdict := porcupine.CheckOperationsTimeout(counter(capacity), operations, limit)
	return result{len(operations), string(verdict), time.Since(begun).Milliseconds()}, nil
}

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: porcupine <history.ndjson> <capacity> <time limit>")
		os.Exit(2)
	}
	found, err := check(os.Args[1], os.Args[2], os.Args[3])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	json.NewEncoder(os.Stdout).Encode(found)
}
