package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/anishathalye/porcupine"
)

// The model says what it should of sales small enough to be understood at sight; two tickets each.
func TestCounter(t *testing.T) {
	buy := func(start, end int, outcome string) string { return at("purchase", start, end, outcome, "") }
	see := func(start, end int, left string) string {
		return at("availability", start, end, "ok", `,"value":`+left)
	}
	for name, sale := range map[string]struct {
		lines []string
		want  porcupine.CheckResult
	}{
		"nothing":                  {nil, porcupine.Ok},
		"two sold, one refused":    {[]string{buy(0, 1, "ok"), buy(2, 3, "ok"), buy(4, 5, "refused")}, porcupine.Ok},
		"three sold":               {[]string{buy(0, 1, "ok"), buy(2, 3, "ok"), buy(4, 5, "ok")}, porcupine.Illegal},
		"refused too early":        {[]string{buy(0, 1, "ok"), buy(2, 3, "refused"), buy(4, 5, "ok")}, porcupine.Illegal},
		"refused at the same time": {[]string{buy(0, 1, "ok"), buy(2, 9, "refused"), buy(3, 5, "ok")}, porcupine.Ok},
		"a read in order":          {[]string{buy(0, 1, "ok"), see(2, 3, "1")}, porcupine.Ok},
		"a stale read":             {[]string{buy(0, 1, "ok"), see(2, 3, "2")}, porcupine.Illegal},
		"a read at the same time":  {[]string{buy(0, 9, "ok"), see(2, 3, "2")}, porcupine.Ok},
		"uncertain and seen":       {[]string{buy(0, 1, "info"), see(2, 3, "1")}, porcupine.Ok},
		"uncertain and not seen":   {[]string{buy(0, 1, "info"), see(2, 3, "2")}, porcupine.Ok},
		"uncertain, takes but one": {[]string{buy(0, 1, "info"), see(2, 3, "0")}, porcupine.Illegal},
		"failed":                   {[]string{buy(0, 1, "fail"), see(2, 3, "1")}, porcupine.Illegal},
	} {
		t.Run(name, func(t *testing.T) {
			operations, err := read(strings.NewReader(strings.Join(sale.lines, "\n")))
			if err != nil {
				t.Fatal(err)
			}
			if got := porcupine.CheckOperationsTimeout(counter(2), operations, 0); got != sale.want {
				t.Errorf("got %s, want %s", got, sale.want)
			}
		})
	}
}

func TestNoOperation(t *testing.T) {
	if _, err := read(strings.NewReader("{")); err == nil {
		t.Error("half a line was taken for an operation")
	}
}

func at(kind string, start, end int, outcome, more string) string {
	return fmt.Sprintf(`{"kind":"%s","start":%d,"end":%d,"outcome":"%s"%s}`, kind, start, end, outcome, more)
}
