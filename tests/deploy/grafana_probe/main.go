// Runs SQL as Grafana's ClickHouse plugin does: clickhouse-go, protocol HTTP, compression gzip.
//
// Usage: grafana_probe HOST:PORT USER DATABASE, the password in CLICKHOUSE_PASSWORD. Each line of the standard input is
// a JSON text with SQL; each line of the output has {"columns": [name, type, ..], "rows": [[..]], "error": ".."}.
package main

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

type answer struct {
	Columns [][2]string `json:"columns"`
	Rows    [][]string  `json:"rows"`
	Error   string      `json:"error"`
}

func main() {
	if len(os.Args) != 4 {
		log.Fatal("usage: grafana_probe HOST:PORT USER DATABASE")
	}
	database := clickhouse.OpenDB(&clickhouse.Options{
		Addr:        []string{os.Args[1]},
		Auth:        clickhouse.Auth{Username: os.Args[2], Password: os.Getenv("CLICKHOUSE_PASSWORD"), Database: os.Args[3]},
		Protocol:    clickhouse.HTTP,
		Compression: &clickhouse.Compression{Method: clickhouse.CompressionGZIP},
		DialTimeout: 10 * time.Second,
	})
	defer database.Close()
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var statement string
		if err := json.Unmarshal(lines.Bytes(), &statement); err != nil {
			log.Fatal(err)
		}
		found, err := run(database, statement)
		if err != nil {
			found.Error = err.Error()
		}
		if err := out.Encode(found); err != nil {
			log.Fatal(err)
		}
	}
}

func run(database *sql.DB, statement string) (answer, error) {
	found := answer{Columns: [][2]string{}, Rows: [][]string{}}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	rows, err := database.QueryContext(ctx, statement)
	if err != nil {
		return found, err
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		return found, err
	}
	for _, one := range types {
		found.Columns = append(found.Columns, [2]string{one.Name(), one.DatabaseTypeName()})
	}
	for rows.Next() {
		values := make([]any, len(types))
		for i := range values {
			values[i] = new(any)
		}
		if err := rows.Scan(values...); err != nil {
			return found, err
		}
		texts := make([]string, len(values))
		for i, value := range values {
			texts[i] = fmt.Sprint(*value.(*any))
		}
		found.Rows = append(found.Rows, texts)
	}
	return found, rows.Err()
}
