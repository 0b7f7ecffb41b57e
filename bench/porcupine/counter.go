package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"

	"github.com/anishathalye/porcupine"
)

// A line of history.ndjson, as far as a counter of tickets is concerned; docs/history-format.md describes all of it.
type line struct {
	Kind    string  `json:"kind"`
	Outcome string  `json:"outcome"`
	Start   float64 `json:"start"`
	End     float64 `json:"end"`
	Value   *int    `json:"value"`
}

// What was asked of the counter: one ticket, or how many are left.
type asked struct{ isRead bool }

// What it answered. A purchase that is not certain may have found a ticket or none, as it likes.
type answered struct {
	outcome string
	value   int
}

// The state is the number of tickets left.
func counter(capacity int) porcupine.Model {
	return porcupine.Model{
		Init: func() interface{} { return capacity },
		Step: func(state, input, output interface{}) (bool, interface{}) {
			left, answer := state.(int), output.(answered)
			if input.(asked).isRead {
				return answer.value == left, left
			}
			switch answer.outcome {
			case "ok":
				return left > 0, left - 1
			case "refused":
				return left == 0, left
			}
			return true, max(0, left-1)
		},
	}
}

// Operations in microseconds, so that fractions of a millisecond count. An uncertain purchase never ends: at the very
// end nobody sees any more whether it took a ticket, so that it may also have taken none.
func read(history io.Reader) ([]porcupine.Operation, error) {
	var operations []porcupine.Operation
	lines := bufio.NewScanner(history)
	for lines.Scan() {
		var one line
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			return nil, fmt.Errorf("expected an operation, got %q: %w", lines.Text(), err)
		}
		if one.Outcome == "fail" {
			continue
		}
		operation := porcupine.Operation{
			Input:  asked{isRead: one.Kind == "availability"},
			Output: answered{outcome: one.Outcome},
			Call:   int64(math.Round(one.Start * 1000)),
			Return: int64(math.Round(one.End * 1000)),
		}
		if one.Kind == "availability" {
			if one.Outcome != "ok" || one.Value == nil {
				continue
			}
			operation.Output = answered{outcome: one.Outcome, value: *one.Value}
		} else if one.Outcome == "info" {
			operation.Return = math.MaxInt64
		}
		operations = append(operations, operation)
	}
	return operations, lines.Err()
}
